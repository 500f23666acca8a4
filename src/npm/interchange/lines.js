/**
 * Lines of a source of text, read piece by piece: the source may be larger than memory.
 * @module
 */

/** In bytes. What has no line ends must not fill the memory. */
const LONGEST = 64 << 20;
/** How many bytes are looked at together. A chunk of a stream may be larger than the longest line. */
const PIECE = 1 << 20;

const NEWLINE = 0x0a;
/** A byte that stands nowhere in UTF-8. */
const NO_TEXT = Uint8Array.of(0xff);

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How many bytes a source has; `null` if nobody knows before it ends. */
export function sizeOf(source) {
  return isBlob(source) ? source.size : null;
}

/**
 * Makes a stream or a `Blob` of a source: a string is taken for a file of it.
 * @param {unknown} source
 * @param {import("../interchange.js").Core} core
 * @throws {ScribeError} `invalid_argument` if it is something else.
 */
export function toSource(source, core) {
  if (typeof source === "string") return new Blob([source]);
  try {
    if (isBlob(source) || typeof source?.getReader === "function") return source;
  } catch (error) {
    throw failed(error, core);
  }
  throw core.fail("invalid_argument", "`source` must be a ReadableStream, a Blob or a string");
}

/**
 * Yields a source's lines, some at a time, without their ends (LF or CRLF) and without a byte-order mark; `undefined`
 * for a line that is not UTF-8, or too long. The source is cancelled if it is not read to its end.
 * @param {ReadableStream<Uint8Array | string> | Blob} source
 * @param {import("../interchange.js").Core} core
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<{ lines: (string | undefined)[], bytes: number }>} With how many bytes were read so far.
 * @throws {ScribeError} `invalid_argument` if the source cannot be read, or holds something else.
 */
export async function* blocksOf(source, core, signal) {
  const reader = open(source, core);
  let pieces = [];
  let length = 0;
  let bytes = 0;
  let isFirst = true;
  let isRead = false;
  const add = (piece) => {
    if (piece.length === 0) return;
    length += piece.length;
    if (length > LONGEST) {
      length = NO_TEXT.length;
      pieces = [NO_TEXT];
    } else {
      pieces.push(piece);
    }
  };
  /** Takes everything so far for whole lines. */
  const taken = () => {
    const lines = linesOf(joined(pieces, length));
    if (isFirst) lines[0] = lines[0]?.replace(/^\uFEFF/, "");
    isFirst = false;
    pieces = [];
    length = 0;
    return { lines, bytes };
  };
  const toBytes = withStrings(core.fail);
  try {
    while (!isRead) {
      const { done, value } = await core.abortable(signal, () => read(reader, core));
      isRead = done;
      const chunk = toBytes(done ? "" : value, done);
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        const end = piece.lastIndexOf(NEWLINE) + 1;
        bytes += piece.length;
        add(piece.subarray(0, end));
        if (end > 0) yield taken();
        add(piece.subarray(end));
      }
      if (done && length > 0) yield taken();
    }
  } finally {
    // Nobody waits for it: a source may take its time to end, or fail again.
    if (!isRead) reader.cancel(signal?.reason).catch(() => {});
    reader.releaseLock();
  }
}

function open(source, core) {
  try {
    return (isBlob(source) ? source.stream() : source).getReader();
  } catch (error) {
    throw failed(error, core);
  }
}

async function read(reader, core) {
  try {
    return await reader.read();
  } catch (error) {
    throw failed(error, core);
  }
}

function failed(cause, { fail, reasonOf }) {
  return fail("invalid_argument", `the source cannot be read: ${reasonOf(cause)}`, cause);
}

/** Returns what makes bytes of chunks, also of strings, between which a surrogate pair may be split. */
function withStrings(fail) {
  let half = "";
  return (chunk, isLast) => {
    if (typeof chunk === "string") {
      const text = half + chunk;
      const end = !isLast && /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
      half = text.slice(end);
      return encoder.encode(text.slice(0, end));
    }
    if (!ArrayBuffer.isView(chunk)) {
      throw fail("invalid_argument", "the source holds something that is neither bytes nor text");
    }
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (half === "") return bytes;
    const before = encoder.encode(half);
    half = "";
    return joined([before, bytes], before.length + bytes.length);
  };
}

function linesOf(bytes) {
  let lines;
  try {
    lines = decoder.decode(bytes).split("\n");
  } catch {
    // One of them is not UTF-8.
    lines = [];
    for (let start = 0; start <= bytes.length; ) {
      const end = bytes.indexOf(NEWLINE, start);
      const line = bytes.subarray(start, end === -1 ? bytes.length : end);
      start += line.length + 1;
      try {
        lines.push(decoder.decode(line));
      } catch {
        lines.push(undefined);
      }
    }
  }
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => (line?.endsWith("\r") ? line.slice(0, -1) : line));
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

function isBlob(source) {
  return typeof source?.stream === "function" && typeof source.size === "number";
}
