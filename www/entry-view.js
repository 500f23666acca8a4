// One entry: a line in the list, and its details when it is opened.

import { element } from "./element.js";
import { fullTime, shortTime } from "./format.js";

/** Conditions that are offered for one entry; deep metadata would flood the page. */
const MOST_CONDITIONS = 24;

const STATUS_CLASS = { "✅": "success", "⚠️": "warning", "❌": "error" };

/**
 * @param {import("./scribe-store/index.js").Entry} entry
 * @param {(key: string, value: string | number | boolean | null) => void} onCondition A condition on metadata was chosen.
 */
export function entryItem(entry, onCondition) {
  const summary = element(
    "summary",
    {},
    element("span", { className: "emoji" }, entry.emoji),
    element("time", { dateTime: entry.ts, title: fullTime(entry.ts) }, shortTime(entry.ts)),
    element("span", { className: "agent" }, entry.agent ?? "no agent"),
    element("span", { className: "message" }, entry.message),
  );
  if (entry.agent === null) summary.querySelector(".agent").classList.add("none");
  const details = element("details", { className: STATUS_CLASS[entry.emoji] ?? "" }, summary);
  // Made when they are first looked at: most never are.
  details.addEventListener("toggle", () => details.open && details.append(detailsOf(entry, onCondition)), {
    once: true,
  });
  return element("li", {}, details);
}

function detailsOf(entry, onCondition) {
  const hash = element("code", {}, entry.sha256);
  const verdict = element("span", { className: "verdict", role: "status" });
  compareHash(entry, verdict);
  const rows = [
    ["Message", element("p", { className: "whole" }, entry.message)],
    ["Time", fullTime(entry.ts)],
    ["Agent", entry.agent ?? element("span", { className: "quiet" }, "none")],
    ["Metadata", metadataOf(entry.meta, onCondition)],
    ["Raw line", element("pre", {}, entry.rawLine)],
    ["ID", element("code", {}, entry.entryId)],
    ["SHA-256", element("span", {}, hash, " ", verdict)],
    ["Position", `entry ${entry.seq} of ${entry.project}`],
  ];
  return element(
    "dl",
    { className: "details" },
    ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
  );
}

function metadataOf(meta, onCondition) {
  if (Object.keys(meta).length === 0) return element("span", { className: "quiet" }, "none");
  const conditions = conditionsIn(meta).slice(0, MOST_CONDITIONS);
  const buttons = conditions.map(({ key, value }) =>
    element(
      "button",
      { type: "button", title: "Show only entries with this", onclick: () => onCondition(key, value) },
      `${key} = ${JSON.stringify(value)}`,
    ),
  );
  return element(
    "div",
    {},
    element("pre", { className: "json" }, JSON.stringify(meta, null, 2)),
    element(
      "div",
      { className: "conditions", role: "group", "aria-label": "Show only entries with" },
      ...buttons,
    ),
  );
}

/**
 * The conditions of the store's `metaFilters` that some metadata meets: its texts, numbers, booleans and nulls, also
 * inside of objects and lists, by their path.
 */
function conditionsIn(meta) {
  const found = [];
  const walk = (value, path) => {
    if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        // Below the top a dot in a name cannot be told from the dots of the path.
        if (path.length > 0 && (key.includes(".") || path[0].includes("."))) continue;
        walk(member, [...path, key]);
      }
    } else if (path.length === 1 || !Object.hasOwn(meta, path.join("."))) {
      found.push({ key: path.join("."), value });
    }
  };
  walk(meta, []);
  return found;
}

/** Says whether the hash is that of the line, as far as the browser can compute it. */
async function compareHash({ rawLine, sha256 }, verdict) {
  if (!globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(rawLine)));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const fits = hex === sha256;
  verdict.classList.add(fits ? "success" : "error");
  verdict.textContent = fits ? "fits the raw line" : "does not fit the raw line";
}
