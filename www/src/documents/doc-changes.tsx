// The recorded changes of a project's documents.

import type { DocChange, Project } from "scribe-store";
import { useApp } from "../app/context.ts";
import { ago, fullTime } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { PagedSheet } from "./paged.tsx";

export function DocChanges({ project }: { project: Project }) {
  const app = useApp();
  return (
    <PagedSheet<DocChange>
      name="Changes of documents"
      project={project.name}
      columns={["When", "Document", "Section", "Action", "Agent", "Before → after", "Metadata"]}
      read={(page) => app.store.listDocChanges({ project, ...page })}
      nothing={
        <>
          <p>No change of a document is recorded.</p>
          <p class="quiet">
            Agents record one with <code>recordDocChange</code>; the newest 500 of a project are kept.
          </p>
        </>
      }
      row={(change) => (
        <tr key={change.id}>
          <td>
            <time dateTime={change.createdAt} title={fullTime(change.createdAt)}>
              {ago(change.createdAt)}
            </time>
          </td>
          <th scope="row">
            <Plain text={change.doc} />
          </th>
          <td>{change.section === null ? "–" : <Plain text={change.section} />}</td>
          <td>
            <Plain text={change.action} />
          </td>
          <td>{change.agent === null ? "–" : <Plain text={change.agent} />}</td>
          <td>
            <code title={`${change.shaBefore} → ${change.shaAfter}`}>
              <Plain text={change.shaBefore.slice(0, 8)} /> → <Plain text={change.shaAfter.slice(0, 8)} />
            </code>
          </td>
          <td>
            <Brief value={change.metadata} />
          </td>
        </tr>
      )}
    />
  );
}

/** Metadata in one line. */
export function Brief({ value }: { value: object }) {
  if (Object.keys(value).length === 0) return <>–</>;
  return (
    <code class="brief">
      <Plain text={JSON.stringify(value).slice(0, 300)} />
    </code>
  );
}
