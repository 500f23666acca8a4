// A sheet of records, page by page.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Page } from "scribe-store";
import { useApp } from "../app/context.ts";
import { explain, number } from "../shared/format.ts";
import { useAnswer } from "../shared/use-answer.ts";

const PAGE_SIZE = 50;

interface Props<T> {
  name: string;
  project: string;
  columns: string[];
  read: (page: { page: number; pageSize: number; signal: AbortSignal }) => Promise<Page<T>>;
  row: (record: T) => ComponentChildren;
  /** What is said if there is none. */
  nothing: ComponentChildren;
}

export function PagedSheet<T>({ name, project, columns, read, row, nothing }: Props<T>) {
  const app = useApp();
  const page = useSignal(1);
  const revision = useSignal(0);
  useEffect(
    () =>
      app.changes.listen((changes) => {
        if (changes.some((change) => change.kind === "document" && change.project === project))
          revision.value += 1;
      }),
    [],
  );
  const answer = useAnswer(`${page.value} ${revision.value}`, (signal) =>
    read({ page: page.value, pageSize: PAGE_SIZE, signal }),
  ).value;
  const found = answer.value;
  if (answer.error !== null) {
    return (
      <p class="notice error" role="alert">
        {explain(answer.error)}
      </p>
    );
  }
  if (!found) return <p class="quiet centred">Reading …</p>;
  if (found.totalCount === 0) return <div class="empty">{nothing}</div>;
  return (
    <div class="page">
      <section class="sheet" tabIndex={0} aria-label={name}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{found.items.map(row)}</tbody>
        </table>
      </section>
      <nav class="pager" aria-label="Pages">
        <button
          type="button"
          disabled={!found.hasPrev}
          onClick={() => {
            page.value -= 1;
          }}
        >
          Previous
        </button>
        <span class="quiet">
          Page {number(found.page)} of {number(found.totalPages)}
        </span>
        <button
          type="button"
          disabled={!found.hasNext}
          onClick={() => {
            page.value += 1;
          }}
        >
          Next
        </button>
      </nav>
    </div>
  );
}
