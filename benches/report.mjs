// The results as tables.

import { ENGINES } from "./engines.mjs";
import { OPERATIONS } from "./page/operations.js";
import { peakOfReads } from "./targets.mjs";

/** Rows of the tables: what is timed. */
export const TIMED = [
  { id: "insert", title: "bulk insert" },
  { id: "append", title: "append one and wait" },
  { id: "put", title: "bare put, beside it" },
  ...OPERATIONS.map(({ id, title }) => ({ id, title })),
  { id: "open", title: "open + newest page" },
];

/**
 * The tables, one for each size, as lines of text.
 *
 * @param {import("./run.mjs").Results} results
 * @returns {string}
 */
export function report(results) {
  const names = Object.keys(results.sizes[0]?.engines ?? {});
  const engines = ENGINES.filter(({ id }) => names.includes(id));
  return results.sizes.map((one) => table(one, engines, results.targets)).join("\n\n");
}

function table({ count, engines: measured }, engines, targets) {
  const others = engines.filter(({ id }) => id !== "scribe");
  const compared = engines.length > others.length;
  const head = [
    `${count.toLocaleString("en")} entries`,
    ...engines.map(({ name }) => name),
    ...(compared ? [...others.map(({ name }) => `× ${name.split(" ")[0]}`), "target"] : []),
  ];

  const row = (id, title, value, show) => {
    const own = value(measured.scribe);
    const cells = engines.map((engine) => shown(value(measured[engine.id]), show));
    const ratios = others.map((engine) => times(value(measured[engine.id]), own));
    const aims = targets.filter(({ size, operation }) => size === count && operation === id).map(aim);
    return [title, ...cells, ...(compared ? [...ratios, aims.join(", ")] : [])];
  };
  const rows = [
    ...TIMED.map(({ id, title }) => row(id, title, (one) => one?.operations?.[id]?.ms, milliseconds)),
    row("disk", "on disk", (one) => one?.disk?.bytes, mebibytes),
    row(
      "wasmMemory",
      "memory of the module",
      (one) => one?.wasmMemory && peakOfReads(one.wasmMemory),
      mebibytes,
    ),
    row("insertMemory", "the same, bulk insert", (one) => one?.wasmMemory?.insert, mebibytes),
  ];
  return [...aligned([head, ...rows]), ...notes(engines, measured)].join("\n");
}

/** Why an engine has no figures. */
function notes(engines, measured) {
  return engines.flatMap(({ id, name }) => {
    const { failed, skipped } = measured[id] ?? {};
    if (failed) return [`${name} failed: ${failed.split("\n", 1)[0]}`];
    return skipped ? [`${name} was left out: ${skipped}`] : [];
  });
}

function aim({ wanted, measured, met }) {
  if (measured === undefined) return `${wanted}: not measured`;
  return `${wanted}: ${number(measured)} ${met ? "ok" : "MISS"}`;
}

function shown(value, show) {
  return value === undefined ? "–" : show(value);
}

function times(other, own) {
  return other === undefined || own === undefined ? "–" : number(other / own);
}

/** @param {number} ms */
export function milliseconds(ms) {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${number(ms)} ms`;
}

function mebibytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** Three digits are enough. */
function number(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => width(row[column]))));
  const last = widths.length - 1;
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const space = " ".repeat(widths[column] - width(cell));
        // Text to the left, figures to the right.
        return column === 0 || (column === last && row.at(-1) === cell) ? cell + space : space + cell;
      })
      .join("  ")
      .trimEnd(),
  );
  return [lines[0], "─".repeat(Math.max(...lines.map(width))), ...lines.slice(1)];
}

function width(text) {
  return [...text].length;
}
