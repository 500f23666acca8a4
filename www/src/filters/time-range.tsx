// The bounds of time, in UTC.

import type { View } from "../app/view.ts";

interface Props {
  view: View;
  problem: string;
  onChange: (changes: Partial<View>) => void;
}

export function TimeRange({ view, problem, onChange }: Props) {
  return (
    <fieldset class="time-range">
      <legend class="quiet">UTC, both included</legend>
      <Moment label="From" value={view.from} rest="T00:00:00" onChange={(from) => onChange({ from })} />
      <Moment label="To" value={view.to} rest="T23:59:59.999" onChange={(to) => onChange({ to })} />
      <p class="problem" aria-live="polite">
        {problem}
      </p>
      <button
        type="button"
        class="plain"
        disabled={view.from === "" && view.to === ""}
        onClick={() => onChange({ from: "", to: "" })}
      >
        Any time
      </button>
    </fieldset>
  );
}

interface MomentProps {
  label: string;
  value: string;
  /** What a bare date means here. */
  rest: string;
  onChange: (value: string) => void;
}

function Moment({ label, value, rest, onChange }: MomentProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="datetime-local"
        step="0.001"
        value={value.length === 10 ? value + rest : value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
