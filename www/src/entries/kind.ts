// The kinds of entries that the explorer gives a colour.

/** What an emoji stands for, as a class and as a word. */
export interface Kind {
  className: string;
  word: string;
}

const KINDS = new Map<string, Kind>([
  ["✅", { className: "success", word: "Success" }],
  ["⚠️", { className: "warning", word: "Warning" }],
  ["❌", { className: "error", word: "Error" }],
  ["ℹ️", { className: "info", word: "Info" }],
  ["🐞", { className: "bug", word: "Bug" }],
  ["🧭", { className: "plan", word: "Plan" }],
]);

export function kindOf(emoji: string): Kind {
  return KINDS.get(emoji) ?? { className: "other", word: "" };
}
