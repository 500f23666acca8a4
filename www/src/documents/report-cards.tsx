// How agents did on a project's files.

import type { Project, ReportCard } from "scribe-store";
import { useApp } from "../app/context.ts";
import { ago, fullTime } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { Brief } from "./doc-changes.tsx";
import { PagedSheet } from "./paged.tsx";

export function ReportCards({ project }: { project: Project }) {
  const app = useApp();
  return (
    <PagedSheet<ReportCard>
      name="Report cards"
      project={project.name}
      columns={["File", "Agent", "Stage", "Grade", "In words", "Updated", "Metadata"]}
      read={(page) => app.store.listAgentReportCards({ project, ...page })}
      nothing={
        <>
          <p>There are no report cards.</p>
          <p class="quiet">
            They are recorded with <code>recordAgentReportCard</code>, one for each file.
          </p>
        </>
      }
      row={(card) => (
        <tr key={card.filePath}>
          <th scope="row">
            <Plain text={card.filePath} />
          </th>
          <td>
            <Plain text={card.agentName} />
          </td>
          <td>{card.stage === null ? "–" : <Plain text={card.stage} />}</td>
          <td class="figure">{card.overallGrade ?? "–"}</td>
          <td>{card.performanceLevel === null ? "–" : <Plain text={card.performanceLevel} />}</td>
          <td>
            <time dateTime={card.updatedAt} title={fullTime(card.updatedAt)}>
              {ago(card.updatedAt)}
            </time>
          </td>
          <td>
            <Brief value={card.metadata} />
          </td>
        </tr>
      )}
    />
  );
}
