// What this package aims at, and whether it was reached.

/** The size that most targets are stated for. */
const SIZE = 100_000;

const SMALL = 10_000;
const LARGE = 1_000_000;

const MIB = 1024 * 1024;

/**
 * @typedef {object} Target
 * @property {number} size Entries.
 * @property {string} operation
 * @property {string} wanted As in "at least 20 × Dexie".
 * @property {number} [measured] Missing where something was not measured.
 * @property {boolean} [met]
 */

/** How many times as long as this package another engine must take at least. */
const FASTER = [
  ["insert", "dexie", 20],
  ["insert", "sqlite", 4],
  ["offset", "dexie", 200],
  ["countAgent", "dexie", 150],
  ["agentsInRange", "dexie", 300],
  ["agentsInRange", "sqlite", 4],
  ["substring", "dexie", 500],
  ["substring", "sqlite", 30],
  ["regex", "dexie", 50],
  ["meta", "dexie", 500],
  ["meta", "sqlite", 30],
];

const NAMES = { dexie: "Dexie", sqlite: "SQLite" };

/**
 * Judges every target.
 *
 * @param {Record<string, Record<string, import("./measure.mjs").Measured>>} sizes Engines by size.
 * @returns {Target[]}
 */
export function judge(sizes) {
  const ms = (size, engine, operation) => sizes[size]?.[engine]?.operations?.[operation]?.ms;
  const disk = (size, engine) => sizes[size]?.[engine]?.disk?.bytes;
  const memory = sizes[LARGE]?.scribe?.wasmMemory;
  const open = ms(LARGE, "scribe", "open");
  return [
    ...FASTER.map(([operation, engine, times]) =>
      atLeast(
        { size: SIZE, operation, wanted: `at least ${times} × ${NAMES[engine]}` },
        ratio(ms(SIZE, engine, operation), ms(SIZE, "scribe", operation)),
        times,
      ),
    ),
    atMost(
      { size: SIZE, operation: "append", wanted: "at most 1.5 × a bare put" },
      ratio(ms(SIZE, "scribe", "append"), ms(SIZE, "scribe", "put")),
      1.5,
    ),
    atMost(
      { size: SIZE, operation: "newest", wanted: "at most 1 × IndexedDB by hand" },
      ratio(ms(SIZE, "scribe", "newest"), ms(SIZE, "indexeddb", "newest")),
      1,
    ),
    atMost(
      { size: SIZE, operation: "disk", wanted: "at most 0.2 × Dexie" },
      ratio(disk(SIZE, "scribe"), disk(SIZE, "dexie")),
      0.2,
    ),
    atMost(
      { size: LARGE, operation: "open", wanted: "at most 2 × with 10,000" },
      ratio(open, ms(SMALL, "scribe", "open")),
      2,
    ),
    atMost({ size: LARGE, operation: "open", wanted: "under 60 ms" }, open, 60),
    atMost(
      { size: LARGE, operation: "wasmMemory", wanted: "under 96 MiB" },
      memory && peakOfReads(memory) / MIB,
      96,
    ),
  ];
}

/**
 * The most memory that the module had while it was opened and read, in a page that inserted nothing.
 *
 * @param {NonNullable<import("./measure.mjs").Measured["wasmMemory"]>} memory
 */
export function peakOfReads({ open, operations }) {
  return Math.max(open, ...Object.values(operations));
}

function ratio(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}

function atLeast(target, measured, bound) {
  return measured === undefined ? target : { ...target, measured, met: measured >= bound };
}

function atMost(target, measured, bound) {
  return measured === undefined ? target : { ...target, measured, met: measured <= bound };
}
