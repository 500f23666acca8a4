// What is wrong with a pattern, and where in it.

import { Plain } from "../shared/plain.tsx";

/** Characters of the pattern that are shown on either side of the trouble. */
const AROUND = 40;

export function PatternProblem({ pattern, message }: { pattern: string; message: string }) {
  const [, position, why = ""] = /at position (\d+): (.*)$/s.exec(message) ?? [];
  if (position === undefined) return <p>{message}</p>;
  // The store repeats the pattern behind its reason; here it is shown with the place marked.
  const reason = why.replace(/: "(?:[^"\\]|\\.)*"?$/s, "");
  const at = Number(position);
  const from = Math.max(0, at - AROUND);
  const shown = pattern.slice(from, at + AROUND);
  return (
    <>
      <p>
        This pattern cannot be searched: {reason} (at character {at + 1}).
      </p>
      <code class="pattern">
        <Plain text={at < pattern.length ? shown : `${shown} `} marks={[[at - from, at - from + 1]]} />
      </code>
    </>
  );
}
