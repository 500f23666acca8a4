// Where in a message a text is found, so that it can be marked.

import type { Mode } from "../app/view.ts";

/** A piece of a text, in UTF-16 units: from where, and to before where. */
export type Range = readonly [start: number, end: number];

/** What is looked for. */
export interface Needle {
  text: string;
  mode: Mode;
  caseSensitive: boolean;
}

/** Pieces that are marked in one message. */
const MOST_RANGES = 200;

/** Finds a text in a message, as the store's mode "substring" and "exact" do. */
export function findText(message: string, { text, mode, caseSensitive }: Needle): Range[] {
  if (text === "") return [];
  const fold = (one: string) => (caseSensitive ? one : one.toLowerCase());
  const wanted = fold(text);
  const folded = fold(message);
  if (mode === "exact") return folded === wanted ? [[0, message.length]] : [];
  const place = folded.length === message.length ? (at: number) => at : placesIn(message, fold);
  const found: Range[] = [];
  let from = folded.indexOf(wanted);
  while (from >= 0 && found.length < MOST_RANGES) {
    found.push([place(from), place(from + wanted.length)]);
    from = folded.indexOf(wanted, from + wanted.length);
  }
  return found;
}

/** Some letters have longer lower-case forms: where in the message a place of its folded form is. */
function placesIn(message: string, fold: (text: string) => string): (at: number) => number {
  const places: number[] = [];
  let at = 0;
  for (const character of message) {
    for (let unit = fold(character).length; unit > 0; unit -= 1) places.push(at);
    at += character.length;
  }
  return (place) => places[place] ?? message.length;
}

/** Finds a pattern in messages. It may take any time: a browser's patterns are not bound to a linear one. */
export function findPattern(messages: readonly string[], { text, caseSensitive }: Needle): Range[][] {
  const pattern = new RegExp(text, caseSensitive ? "gu" : "giu");
  return messages.map((message) => {
    const found: Range[] = [];
    for (const match of message.matchAll(pattern)) {
      if (match[0] !== "") found.push([match.index, match.index + match[0].length]);
      if (found.length === MOST_RANGES) break;
    }
    return found;
  });
}
