// Streams of text, for cases about imports and exports.

/** Makes a stream of pieces, which are bytes or strings. `taken` counts those that were asked for. */
export function streamOf(pieces, { fail, onCancel } = {}) {
  const left = [...pieces];
  const source = {
    pull(controller) {
      if (left.length > 0) controller.enqueue(left.shift());
      else if (fail) controller.error(fail);
      else controller.close();
    },
    cancel: onCancel,
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** Cuts bytes at some places. */
export function cutAt(bytes, ...places) {
  const ends = [...places, bytes.length];
  return ends.map((end, index) => bytes.slice(index === 0 ? 0 : ends[index - 1], end));
}

/** Reads a stream to its end. `Response` would hide in what way it failed. */
export async function textOf(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += decoder.decode(piece.value, { stream: true });
  }
  return text + decoder.decode();
}

/** The lines of a text, each of which ends in a line feed. */
export function linesOf(text) {
  if (text !== "" && !text.endsWith("\n")) throw new Error(`the text ends with ${text.slice(-20)}`);
  return text.split("\n").slice(0, -1);
}

/** Waits until something holds. */
export async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
