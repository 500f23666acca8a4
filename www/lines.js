// The lines of a file, read piece by piece, so that a file may be larger than memory.

/** No entry comes near this; a file without line ends must not fill the memory. In bytes. */
const LONGEST = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Reads a file's lines.
 *
 * @param {Blob} file
 * @returns {AsyncGenerator<{ number: number, text?: string, problem?: string }>} Each line that is not blank, by its
 *   number from 1, or why it cannot be read.
 */
export async function* linesOf(file) {
  let number = 0;
  let pieces = [];
  let length = 0;
  const finish = () => {
    number += 1;
    const line =
      length > LONGEST
        ? { number, problem: `longer than ${LONGEST / 1024 / 1024} MiB` }
        : decode(number, joined(pieces, length));
    pieces = [];
    length = 0;
    return line;
  };
  const take = (piece) => {
    length += piece.length;
    if (length <= LONGEST) pieces.push(piece);
    else pieces = [];
  };

  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      let start = 0;
      for (let end = value.indexOf(NEWLINE); end !== -1; end = value.indexOf(NEWLINE, start)) {
        take(value.subarray(start, end));
        start = end + 1;
        const line = finish();
        if (line) yield line;
      }
      take(value.slice(start));
    }
  } finally {
    reader.releaseLock();
  }
  if (length === 0) return;
  const last = finish();
  if (last) yield last;
}

/** The line, or nothing if it is blank. Bytes that are no UTF-8 would be changed, and no hash would fit. */
function decode(number, bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: number !== 1 }).decode(bytes);
    return text.trim() === "" ? undefined : { number, text };
  } catch {
    return { number, problem: "not UTF-8 text" };
  }
}

function joined(pieces, length) {
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
