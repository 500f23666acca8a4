// Text of unknown origin, shown as what it is: never as markup, and without characters that act unseen.

import type { ComponentChild } from "preact";
import type { Range } from "../entries/highlight.ts";

/** Characters that turn the direction of a text, or cannot be seen at all; line breaks and tabs are none. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

interface Props {
  text: string;
  marks?: readonly Range[];
}

/** A text with pieces of it marked. */
export function Plain({ text, marks = [] }: Props) {
  if (marks.length === 0) return <bdi>{visible(text)}</bdi>;
  const parts: ComponentChild[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start >= text.length) break;
    parts.push(...visible(text.slice(at, start)));
    parts.push(<mark key={start}>{visible(text.slice(start, end))}</mark>);
    at = end;
  }
  parts.push(...visible(text.slice(at)));
  return <bdi>{parts}</bdi>;
}

/** The pieces of a text, with a sign in the place of each character that acts unseen. */
function visible(text: string): ComponentChild[] {
  const parts: ComponentChild[] = [];
  let at = 0;
  for (const match of text.matchAll(UNSEEN)) {
    parts.push(text.slice(at, match.index));
    const code = `U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    parts.push(
      <span class="unseen-character" title={`An unseen character, ${code}`}>
        {code}
      </span>,
    );
    at = match.index + 1;
  }
  parts.push(text.slice(at));
  return parts;
}

/**
 * A part of a text that suits one line: from shortly before its first mark, and not longer than can be seen.
 */
export function excerpt(text: string, marks: readonly Range[]): { text: string; marks: Range[] } {
  const MOST = 400;
  const first = marks[0]?.[0] ?? 0;
  const from = first > 120 ? first - 40 : 0;
  const shown = text.slice(from, from + MOST);
  const before = from > 0 ? "… " : "";
  const shift = from - before.length;
  return {
    text: `${before}${shown}${from + MOST < text.length ? " …" : ""}`,
    marks: marks
      .filter(([start]) => start < from + MOST)
      .map(([start, end]) => [start - shift, Math.min(end, from + MOST) - shift] as const),
  };
}
