// The results as a plot: bars on a logarithmic scale, for one size, readable on light and on dark pages.

import { ENGINES } from "./engines.mjs";
import { milliseconds, TIMED } from "./report.mjs";

const WIDTH = 840;
const LABELS = 200;
const VALUES = 80;
const BAR = 13;
const GAP = 12;
const TOP = 74;
const BOTTOM = 34;

/** A bar of the smallest value still shows. */
const LEAST = 0.05;

/** What the colours are for: engines, by their `id`; text, and lines behind the bars. */
const LIGHT = {
  scribe: "#0b62d6",
  indexeddb: "#8a6d00",
  dexie: "#c2410c",
  sqlite: "#0f766e",
  text: "#1f2328",
  faint: "#59636e",
  line: "#d1d9e0",
};
const DARK = {
  scribe: "#58a6ff",
  indexeddb: "#d6b13c",
  dexie: "#ff8a4c",
  sqlite: "#3fbfae",
  text: "#e6edf3",
  faint: "#9198a1",
  line: "#3d444d",
};

/** The size that is shown where it was measured. */
const PREFERRED = 100_000;

/**
 * Draws the results.
 *
 * @param {import("./run.mjs").Results} results
 * @returns {string} An SVG file.
 */
export function plot(results) {
  const shown = results.sizes.find(({ count }) => count === PREFERRED) ?? results.sizes.at(-1);
  const engines = ENGINES.filter(({ id }) => shown.engines[id]?.operations);
  const rows = TIMED.filter(({ id }) => id !== "put").map(({ id, title }) => ({
    title,
    bars: engines.map((engine) => ({ engine: engine.id, ms: shown.engines[engine.id].operations[id].ms })),
  }));
  const values = rows.flatMap(({ bars }) => bars.map(({ ms }) => ms));
  const scale = logarithmic(Math.min(...values, 1), Math.max(...values, 10));
  const rowHeight = engines.length * BAR + GAP;
  const height = TOP + rows.length * rowHeight + BOTTOM;
  const title = `Time with ${shown.count.toLocaleString("en")} entries: shorter is better, the scale is logarithmic`;

  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">`,
    `<style>${style()}</style>`,
    text(0, 18, title, "text"),
    ...legend(engines),
    ...grid(scale, height),
    ...rows.flatMap((row, index) => group(row, TOP + index * rowHeight, rowHeight, scale)),
    text(0, height - 6, footer(results), "faint"),
    "</svg>",
  ].join("\n")}\n`;
}

function style() {
  const rules = (colours) =>
    Object.entries(colours)
      .map(([name, colour]) => (name === "line" ? `.line{stroke:${colour}}` : `.${name}{fill:${colour}}`))
      .join("");
  const font = "text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif}.end{text-anchor:end}";
  return `${font}${rules(LIGHT)}@media(prefers-color-scheme:dark){${rules(DARK)}}`;
}

function legend(engines) {
  let x = 0;
  return engines.flatMap(({ id, name }) => {
    const at = x;
    x += 34 + name.length * 7;
    return [rectangle(at, 32, 12, 12, id), text(at + 18, 42, name, "text")];
  });
}

/** A line and a label at each power of ten. */
function grid(scale, height) {
  const lines = [];
  for (let ms = scale.from; ms <= scale.to; ms *= 10) {
    const x = round(scale.at(ms));
    lines.push(`<line class="line" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height - BOTTOM + 4}"/>`);
    lines.push(text(x, TOP - 11, ms < 1000 ? `${ms} ms` : `${ms / 1000} s`, "faint"));
  }
  return lines;
}

function group({ title, bars }, top, height, scale) {
  const middle = top + (height - GAP) / 2 + 4;
  return [
    text(LABELS - 12, middle, title, "text end"),
    ...bars.flatMap(({ engine, ms }, index) => {
      const y = top + index * BAR;
      const end = scale.at(Math.max(ms, LEAST));
      return [
        rectangle(LABELS, y, round(Math.max(end - LABELS, 1)), BAR - 2, engine),
        text(round(Math.max(end, LABELS) + 5), y + BAR - 2, milliseconds(ms), "faint"),
      ];
    }),
  ];
}

function footer({ browser, machine, packages, measuredAt }) {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    measuredAt.slice(0, 10),
    browser,
    `${machine.cores} × ${machine.cpu}`,
    ...versions.slice(0, 1),
  ].join(" · ");
}

/** From the power of ten below the least value to that above the greatest. */
function logarithmic(least, greatest) {
  const from = 10 ** Math.floor(Math.log10(Math.max(least, LEAST)));
  const to = 10 ** Math.ceil(Math.log10(greatest));
  const room = WIDTH - LABELS - VALUES;
  return {
    from,
    to,
    at: (ms) => LABELS + (Math.log10(ms / from) / Math.log10(to / from)) * room,
  };
}

function rectangle(x, y, width, height, name) {
  return `<rect class="${name}" x="${x}" y="${y}" width="${width}" height="${height}" rx="1.5"/>`;
}

function text(x, y, content, names) {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text class="${names}" x="${x}" y="${y}">${escaped}</text>`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
