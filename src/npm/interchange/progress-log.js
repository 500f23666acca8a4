/**
 * Lines of a progress log.
 * @module
 */

import { parseJson } from "./json.js";

/** How many characters are looked at in vain for the ends of arrays and objects, in one line. */
const MOST_IN_VAIN = 1_000_000;

/**
 * Reads a line of the form
 * `[emoji] [time] [Agent: name] [Project: name] [ID: entryId] message | key=value; key=value`, of which the identifier
 * and what begins with ` | ` may be missing, and which may be an item of a Markdown list.
 * @param {string} line
 * @returns {{ entryId?: string, ts: string, emoji: string, agent: string, message: string, meta: object } | undefined}
 *   Nothing, if the line is not of this form. The time is not checked.
 */
export function readLogLine(line) {
  let rest = line.trimStart().replace(/^(?:[-*+]|\d{1,9}[.)])\s+/, "");
  if (!rest.startsWith("[")) return undefined;
  // What ends with the last bracket has no space behind it where editors cut it off.
  rest = `${rest.slice(1)} `;
  const upTo = (mark) => {
    const at = rest.indexOf(mark);
    if (at === -1) return undefined;
    const field = rest.slice(0, at);
    rest = rest.slice(at + mark.length);
    return field;
  };
  const [emoji, ts, agent, project] = ["] [", "] [Agent: ", "] [Project: ", "] "].map(upTo);
  if ([emoji, ts, agent, project].includes(undefined)) return undefined;
  const entry = { ts, emoji, agent };
  if (rest.startsWith("[ID: ")) {
    rest = rest.slice(5);
    entry.entryId = upTo("] ");
  }
  rest = rest.slice(0, -1);
  // Metadata begins behind the last bar before the first `=` that has a bar before it.
  const first = rest.indexOf(" | ");
  const equals = first === -1 ? -1 : rest.indexOf("=", first);
  const bar = equals === -1 ? -1 : rest.lastIndexOf(" | ", equals);
  const meta = bar === -1 ? undefined : readMeta(rest.slice(bar + 3));
  return { ...entry, message: meta ? rest.slice(0, bar) : rest, meta: meta ?? {} };
}

/** Reads `key=value; key=value`. Values are text, but for arrays and objects, which are JSON. */
function readMeta(text) {
  const members = [];
  let inVain = 0;
  let equals = -1;
  for (let at = 0; at < text.length; ) {
    // Looked for only once, where there is none.
    if (equals < at) equals = text.indexOf("=", at);
    if (equals === -1) equals = text.length;
    let end = text.indexOf("; ", at);
    if (end === -1) end = text.length;
    if (equals > at && equals < end) {
      const close = inVain < MOST_IN_VAIN ? endOfContainer(text, equals + 1) : -1;
      if (close === text.length || text.startsWith("; ", close)) end = close;
      else if (close > equals) inVain += close - equals;
      members.push([text.slice(at, equals), text.slice(equals + 1, end)]);
    } else if (members.length > 0) {
      // A value with a semicolon in it.
      members.at(-1)[1] += `; ${text.slice(at, end)}`;
    } else {
      return undefined;
    }
    at = end + 2;
  }
  return Object.fromEntries(members.map(([key, value]) => [key, readValue(value)]));
}

function readValue(text) {
  if (!/^[[{]/.test(text)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** Where the array or object ends that begins at some place, behind the text if it does not; -1 if none begins. */
function endOfContainer(text, start) {
  if (!/[[{]/.test(text.charAt(start))) return -1;
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') isInString = !isInString;
    else if (isInString) at += char === "\\" ? 1 : 0;
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length + 1;
}
