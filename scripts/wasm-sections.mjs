// Reads and writes WebAssembly modules section by section (https://webassembly.github.io/spec/core/binary/).

/**
 * @typedef {object} Section
 * @property {number} id Which kind of section it is.
 * @property {Buffer} content
 */

export const CUSTOM = 0;
export const IMPORTS = 2;
export const FUNCTIONS = 3;
export const CODE = 10;
export const DATA = 11;

const PREAMBLE = Buffer.from("\0asm\x01\0\0\0", "latin1");

/**
 * The names of functions by their index, without what the compiler adds to tell apart those of the same name.
 *
 * @param {Section[]} sections
 * @returns {Map<number, string>}
 */
export function functionNames(sections) {
  const names = new Map();
  for (const { id, content } of sections) {
    const reader = new Reader(content);
    if (id !== CUSTOM || reader.text() !== "name") continue;
    while (!reader.isAtEnd()) {
      const isOfFunctions = reader.byte() === 1;
      const part = new Reader(reader.bytes(reader.number()));
      if (!isOfFunctions) continue;
      for (let count = part.number(); count > 0; count -= 1) {
        const index = part.number();
        // Without hashes: `core[c5930c85a12de822]::option::unwrap_failed`, `core::panicking::panic_display::hdf2d…`.
        const name = part.text().replace(/\[[0-9a-f]{16}\]/g, "");
        names.set(index, name.replace(/::h[0-9a-f]{16}$/, ""));
      }
    }
  }
  return names;
}

/**
 * How many functions are imported: those of the module itself are numbered behind them.
 *
 * @param {Section[]} sections
 */
export function countImportedFunctions(sections) {
  const reader = new Reader(sections.find(({ id }) => id === IMPORTS).content);
  let functions = 0;
  for (let count = reader.number(); count > 0; count -= 1) {
    reader.text();
    reader.text();
    if (reader.byte() !== 0) throw new Error("the module imports what is not a function");
    reader.number();
    functions += 1;
  }
  return functions;
}

/**
 * @param {Buffer} module
 * @returns {Section[]} Copies: the module stays as it is.
 */
export function readSections(module) {
  const reader = new Reader(module.subarray(8));
  const sections = [];
  while (!reader.isAtEnd()) {
    const id = reader.byte();
    sections.push({ id, content: Buffer.from(reader.bytes(reader.number())) });
  }
  return sections;
}

/** @param {Section[]} sections */
export function writeModule(sections) {
  const parts = sections.map(({ id, content }) => [Buffer.from([id]), number(content.length), content]);
  return Buffer.concat([PREAMBLE, ...parts.flat()]);
}

/** Writes an unsigned number in LEB128. */
export function number(value) {
  const bytes = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
  return Buffer.from(bytes);
}

/** Reads the binary format of WebAssembly. */
export class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  isAtEnd() {
    return this.#at >= this.#bytes.length;
  }

  byte() {
    return this.bytes(1)[0];
  }

  bytes(count) {
    if (this.#at + count > this.#bytes.length) throw new Error("the module is cut off");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  text() {
    return this.bytes(this.number()).toString();
  }

  /** An unsigned number in LEB128. */
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  /** A signed number in LEB128. */
  signed() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte % 128) * factor;
      if (byte < 128) return byte >= 64 ? value - 128 * factor : value;
    }
  }
}
