// The conditions on metadata: rows of a key, a kind and a value. The kind matters, since "1" is not 1.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { MetaValue } from "../app/view.ts";
import { Icon } from "../shared/icon.tsx";

type KindName = "text" | "number" | "true" | "false" | "null";
const KINDS: KindName[] = ["text", "number", "true", "false", "null"];

interface RowState {
  id: number;
  key: string;
  kind: KindName;
  value: string;
}

interface Props {
  conditions: Record<string, MetaValue>;
  onChange: (conditions: Record<string, MetaValue>) => void;
}

let rowCount = 0;

export function MetaConditions({ conditions, onChange }: Props) {
  const rows = useSignal<RowState[]>([]);
  const told = useRef("");
  const root = useRef<HTMLFieldSetElement>(null);

  // What comes from elsewhere, as by "back", replaces the rows; what these rows told of does not.
  const given = JSON.stringify(conditions);
  useEffect(() => {
    if (given === told.current && rows.value.length > 0) return;
    told.current = given;
    rows.value = Object.entries(conditions).map(([key, value]) => rowOf(key, value));
    if (rows.value.length === 0) rows.value = [rowOf("", "")];
  }, [given]);

  const { problem, found } = read(rows.value);
  const tell = (next: RowState[]) => {
    rows.value = next;
    const { problem, found } = read(next);
    if (problem) return;
    const text = JSON.stringify(found);
    if (text === told.current) return;
    told.current = text;
    onChange(found);
  };
  const changed = (id: number, changes: Partial<RowState>) =>
    rows.value.map((row) => (row.id === id ? { ...row, ...changes } : row));
  const set = (id: number, changes: Partial<RowState>) => tell(changed(id, changes));
  /** What is being typed is searched for only when it is done. */
  const note = (id: number, changes: Partial<RowState>) => {
    rows.value = changed(id, changes);
  };
  const remove = (id: number) => {
    const left = rows.value.filter((row) => row.id !== id);
    tell(left.length > 0 ? left : [rowOf("", "")]);
    root.current?.querySelector<HTMLInputElement>(".key")?.focus();
  };

  return (
    <fieldset ref={root} class="conditions">
      <legend class="quiet">All must hold; a.b reaches into b of a</legend>
      {rows.value.map((row) => (
        <fieldset key={row.id} class="condition">
          <legend class="unseen">Condition on metadata</legend>
          <input
            class="key"
            aria-label="Key"
            placeholder="key"
            autocomplete="off"
            value={row.key}
            onInput={(event) => note(row.id, { key: event.currentTarget.value })}
            onChange={(event) => set(row.id, { key: event.currentTarget.value })}
          />
          <select
            aria-label="Kind of the value"
            value={row.kind}
            onChange={(event) => set(row.id, { kind: event.currentTarget.value as KindName })}
          >
            {KINDS.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
          <input
            class="value"
            aria-label="Value"
            placeholder="value"
            autocomplete="off"
            hidden={row.kind !== "text" && row.kind !== "number"}
            aria-invalid={problem?.id === row.id}
            value={row.value}
            onInput={(event) => note(row.id, { value: event.currentTarget.value })}
            onChange={(event) => set(row.id, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="plain icon"
            aria-label="Remove the condition"
            onClick={() => remove(row.id)}
          >
            <Icon name="close" />
          </button>
        </fieldset>
      ))}
      <p class="problem" aria-live="polite">
        {problem?.text ?? ""}
      </p>
      <button
        type="button"
        disabled={Object.keys(found).length < rows.value.length}
        onClick={() => {
          rows.value = [...rows.value, rowOf("", "")];
        }}
      >
        Add a condition
      </button>
    </fieldset>
  );
}

function rowOf(key: string, value: MetaValue): RowState {
  rowCount += 1;
  const kind = typeof value === "string" ? "text" : typeof value === "number" ? "number" : String(value);
  return {
    id: rowCount,
    key,
    kind: kind as KindName,
    value: kind === "text" || kind === "number" ? String(value) : "",
  };
}

/** What the rows with a key say, and the first thing in them that cannot be understood. */
function read(rows: RowState[]): {
  found: Record<string, MetaValue>;
  problem: { id: number; text: string } | undefined;
} {
  const found: Record<string, MetaValue> = {};
  let problem: { id: number; text: string } | undefined;
  for (const row of rows) {
    if (row.key === "") continue;
    if (Object.hasOwn(found, row.key)) {
      problem ??= { id: row.id, text: `Only one condition can be on ${JSON.stringify(row.key)}.` };
      continue;
    }
    if (row.kind === "number" && (row.value.trim() === "" || !Number.isFinite(Number(row.value)))) {
      problem ??= { id: row.id, text: `${JSON.stringify(row.value)} is not a number.` };
      continue;
    }
    const value =
      row.kind === "text"
        ? row.value
        : row.kind === "number"
          ? Number(row.value)
          : (JSON.parse(row.kind) as boolean | null);
    // Not by assignment, since a key may be "__proto__".
    Object.defineProperty(found, row.key, { value, enumerable: true, configurable: true, writable: true });
  }
  return { found, problem };
}
