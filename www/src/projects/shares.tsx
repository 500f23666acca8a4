// The counts of a project, as a bar of shares and as numbers.

import type { ProjectMetrics } from "scribe-store";
import { number, share } from "../shared/format.ts";

/** The counted kinds, in the order in which they are shown. */
export const COUNTED = [
  { key: "successCount", name: "success", className: "success" },
  { key: "warnCount", name: "warnings", className: "warning" },
  { key: "errorCount", name: "errors", className: "error" },
] as const;

/** A thin bar of the shares. */
export function ShareBar({ metrics }: { metrics: ProjectMetrics }) {
  const { totalEntries } = metrics;
  if (totalEntries === 0) return <span class="share-bar" aria-hidden="true" />;
  return (
    <span class="share-bar" aria-hidden="true">
      {COUNTED.map(({ key, className }) => (
        <span key={key} class={className} style={{ width: `${(100 * metrics[key]) / totalEntries}%` }} />
      ))}
    </span>
  );
}

/** The shares in numbers. */
export function Shares({ metrics }: { metrics: ProjectMetrics }) {
  return (
    <>
      {COUNTED.map(({ key, name, className }) => (
        <span
          key={key}
          class={`metric ${className}`}
          data-metric={key}
          title={`${number(metrics[key])} ${name}`}
        >
          <span class="dot" aria-hidden="true" />
          <b>{number(metrics[key])}</b> {name}{" "}
          <span class="quiet">{share(metrics[key], metrics.totalEntries)}</span>
        </span>
      ))}
    </>
  );
}
