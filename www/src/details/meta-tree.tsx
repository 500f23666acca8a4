// Metadata as a tree; each value that can be compared leads to the entries that have it, too.

import type { ComponentChild } from "preact";
import type { JsonValue } from "scribe-store";
import type { MetaValue } from "../app/view.ts";
import { Plain } from "../shared/plain.tsx";

/** More lines would flood the page. */
const MOST_LINES = 500;
/** Deeper metadata is shown as one line of JSON. */
const MOST_LEVELS = 12;
const MOST_UNITS = 4_000;

interface Props {
  meta: { readonly [key: string]: JsonValue };
  onCondition: (key: string, value: MetaValue) => void;
}

export function MetaTree({ meta, onCondition }: Props) {
  const lines: ComponentChild[] = [];
  const add = (path: string[], name: string, value: JsonValue): void => {
    if (lines.length > MOST_LINES) return;
    const style = { paddingInlineStart: `${(path.length - 1) * 14}px` };
    const label = (
      <span class="meta-key">
        <Plain text={name} />
      </span>
    );
    const key = JSON.stringify(path);
    if (typeof value === "object" && value !== null && path.length < MOST_LEVELS && !isFlat(value)) {
      lines.push(
        <li key={key} style={style}>
          {label}
          <span class="quiet"> {Array.isArray(value) ? `${value.length} items` : ""}</span>
        </li>,
      );
      for (const [member, one] of Object.entries(value)) add([...path, member], member, one);
      return;
    }
    const condition = conditionFor(meta, path);
    const text = JSON.stringify(value);
    const shown = <Plain text={text.length > MOST_UNITS ? `${text.slice(0, MOST_UNITS)} …` : text} />;
    const isPlain = typeof value !== "object" || value === null;
    lines.push(
      <li key={key} style={style}>
        {label}
        {isPlain && condition !== undefined ? (
          <button
            type="button"
            class={`meta-value ${value === null ? "null" : typeof value}`}
            title={`Only entries with ${condition} = ${text.slice(0, 200)}`}
            onClick={() => onCondition(condition, value as MetaValue)}
          >
            {shown}
          </button>
        ) : (
          <span class="meta-value">{shown}</span>
        )}
      </li>,
    );
  };
  for (const [name, value] of Object.entries(meta)) add([name], name, value);
  return (
    <ul class="meta-tree">
      {lines.slice(0, MOST_LINES)}
      {lines.length > MOST_LINES && <li class="quiet">… and more: copy the metadata to see it all.</li>}
    </ul>
  );
}

/** Whether a container is short enough to be one line: a list of a few plain values. */
function isFlat(value: JsonValue[] | { [key: string]: JsonValue }): boolean {
  const members = Object.values(value);
  return (
    members.length === 0 ||
    (Array.isArray(value) &&
      members.length <= 12 &&
      members.every((one) => typeof one !== "object" || one === null) &&
      JSON.stringify(value).length <= 60)
  );
}

/** The key by which the store compares the value at a path; `undefined` if no key means it. */
function conditionFor(meta: { readonly [key: string]: JsonValue }, path: string[]): string | undefined {
  const key = path.join(".");
  if (path.length === 1) return key;
  // In a path, the dots of names cannot be told from its own; and a name with dots at the top goes first.
  return path.some((name) => name.includes(".")) || Object.hasOwn(meta, key) ? undefined : key;
}
