// Takes out of a WebAssembly module what only makes the messages of panics.
//
// A panic ends in a trap. Its message would go to standard error, of which a browser has none, so nobody ever sees it;
// yet each place that may panic passes one on, with its file, line and column. Here every function that panics becomes
// the trap itself, which wasm-opt then puts in place of its calls, and the places are blanked.
//
// Only such messages show values as `{:?}` does: a test of the package sees to it that no other text does. So what shows
// values that way becomes a function that writes nothing.

import {
  CODE,
  countImportedFunctions,
  DATA,
  functionNames,
  number,
  Reader,
  readSections,
  writeModule,
} from "./wasm-sections.mjs";

/** Functions that never return. All of `core::panicking` are such. */
const PANICS = [
  /^core::panicking::/,
  /^core::option::(unwrap|expect)_failed$/,
  /^core::result::unwrap_failed$/,
  /^core::cell::panic_/,
  /^core::cell::lazy::panic_/,
  /^core::slice::index::slice_\w*_fail$/,
  /^core::slice::copy_from_slice_impl::len_mismatch_fail$/,
  /^core::slice::sort::\S*panic_on_ord_violation$/,
  /^core::str::slice_error_fail(_rt)?$/,
  /^<?alloc::vec::.*::assert_failed$/,
  /^alloc::raw_vec::(handle_error|capacity_overflow)$/,
  /^alloc::alloc::handle_alloc_error$/,
  /^std::thread::local::panic_access_error$/,
  /^__rustc::rust_(begin_unwind|panic)$/,
];

/** Functions that show a value as `{:?}` does: they take it and a formatter, and return whether that failed. */
const DEBUG = / as core::fmt::Debug>::fmt(\[\d+\])?$/;

/** What such messages say, as far as it is long. It is nowhere else: nobody else has words like these. */
const WORDS = [
  "begin > end (",
  ") when slicing `",
  "start byte index ",
  "end byte index ",
  " is out of bounds of `",
  " is not a char boundary; it is inside ",
  "slice index starts at ",
  " but ends at ",
  "index out of bounds: the len is ",
  " but the index is ",
  "range start index ",
  "range end index ",
  " out of range for slice of length ",
  "assertion `left ",
  " right` failed",
  "assertion failed: self.is_char_boundary(idx)",
  "assertion failed: self.is_char_boundary(at)",
  "cannot access a Thread Local Storage value during or after destruction",
  "Attempted to initialize thread-local while it is being dropped",
  "copy_from_slice: source slice length (",
  ") does not match destination slice length (",
  "`at` split index (is ",
  "insertion index (is ",
  "removal index (is ",
  "swap_remove index (is ",
  ") should be < len (is ",
  ") should be <= len (is ",
  "capacity overflow",
  "internal error: entered unreachable code",
  "Tried to shrink to a larger capacity",
  "there is no such thing as an acquire-release store",
  "there is no such thing as an acquire-release load",
  "there is no such thing as an acquire-release failure ordering",
  "there is no such thing as an acquire load",
  "there is no such thing as a release load",
  "there is no such thing as a release failure ordering",
  "a formatting trait implementation returned an error when the underlying stream did not",
  "attempt to divide by zero",
  "attempt to divide with overflow",
  "attempt to calculate the remainder with a divisor of zero",
  "attempt to calculate the remainder with overflow",
  "`async fn` resumed after completion",
  "`async fn` resumed after panicking",
  "called `Option::unwrap()` on a `None` value",
  "called `Result::unwrap()` on an `Err` value",
  "user-provided comparison function does not correctly implement a total order",
  "a semaphore may not have more than MAX_PERMITS permits (",
  "cannot add more than MAX_PERMITS permits (",
  "number of added permits (",
  ") would overflow MAX_PERMITS (",
  "mpsc bounded channel requires buffer > 0",
  "MaybeDone polled after value taken",
  "TryMaybeDone polled after value taken",
  "MaybeErrored polled after completion",
  "cannot poll Select twice",
  "FnOnce called more than once",
  "assertion failed: self.peeked.is_none()",
  "assertion failed: copy_len <= data.len()",
  "assertion failed: input_pos <= input.len()",
  "assertion failed: ext_dict.is_empty()",
  "attempt to join into collection with len > usize::MAX",
  "start of range should be a character boundary",
  "end of range should be a character boundary",
  "cannot recursively acquire mutex",
  "The JS binding should only ever produce a valid value or the specific 'invalid' value",
  "Ambiguous local time, ranging from ",
  "No such local time",
  "Local time out of range for `NaiveDateTime`",
];

const UNREACHABLE = 0x00;
const END = 0x0b;
const I32_CONST = 0x41;

/** A function without locals that traps. */
const TRAP = Buffer.from([0, UNREACHABLE, END]);

/** A function without locals that returns 0, for success. */
const SUCCESS = Buffer.from([0, I32_CONST, 0, END]);

/**
 * @param {Buffer} module A WebAssembly module with names of functions.
 * @returns {Buffer} The same without what makes messages.
 * @throws {Error} If the module is not what the compiler and wasm-bindgen make.
 */
export function stripPanics(module) {
  const sections = readSections(module);
  const names = functionNames(sections);
  const code = sections.find(({ id }) => id === CODE);
  code.content = withTraps(code.content, countImportedFunctions(sections), names);
  blankMessages(sections.find(({ id }) => id === DATA).content);
  return writeModule(sections);
}

/** Replaces the bodies of functions that panic. */
function withTraps(content, imported, names) {
  const reader = new Reader(content);
  const count = reader.number();
  const parts = [number(count)];
  let [traps, silenced] = [0, 0];
  for (let index = imported; index < imported + count; index += 1) {
    const body = reader.bytes(reader.number());
    const name = names.get(index) ?? "";
    const panics = PANICS.some((pattern) => pattern.test(name));
    if (panics && !(body.at(-2) === UNREACHABLE && body.at(-1) === END))
      throw new Error(`${name} returns, so it does more than panic`);
    traps += panics ? 1 : 0;
    let replacement = panics ? TRAP : body;
    if (DEBUG.test(name)) {
      replacement = SUCCESS;
      silenced += 1;
    }
    parts.push(number(replacement.length), replacement);
  }
  if (traps < 10 || silenced < 10) {
    const found = `${traps} functions that panic and ${silenced} that show values`;
    throw new Error(`the module names ${found}: has their naming changed?`);
  }
  return Buffer.concat(parts);
}

/**
 * Blanks what messages say, every `core::panic::Location`, which is an address and a length of a file's name, a line and a
 * column, and the names.
 */
function blankMessages(content) {
  const reader = new Reader(content);
  const segments = [];
  for (let count = reader.number(); count > 0; count -= 1) {
    if (reader.number() !== 0 || reader.byte() !== I32_CONST) throw new Error("a data segment is not active");
    const start = reader.signed();
    if (reader.byte() !== END) throw new Error("a data segment has a computed address");
    segments.push({ start, bytes: reader.bytes(reader.number()) });
  }
  const textAt = (address, length) => {
    const segment = segments.find(({ start, bytes }) => address >= start && address < start + bytes.length);
    return segment?.bytes.subarray(address - segment.start, address - segment.start + length);
  };
  const files = [];
  for (const { bytes } of segments) {
    for (let at = 0; at + 16 <= bytes.length; at += 4) {
      const [address, length, line, column] = [0, 4, 8, 12].map((offset) => bytes.readUInt32LE(at + offset));
      if (length > 250 || line === 0 || line > 100_000 || column === 0 || column > 1000) continue;
      const file = textAt(address, length);
      if (!file || !/^[\w./-]+\.rs$/.test(file.toString("latin1"))) continue;
      bytes.fill(0, at, at + 16);
      files.push(file);
    }
  }
  for (const file of files) file.fill(0);
  for (const { bytes } of segments) {
    for (const words of WORDS) {
      for (let at = bytes.indexOf(words); at >= 0; at = bytes.indexOf(words, at)) {
        bytes.fill(0, at, at + words.length);
      }
    }
  }
}
