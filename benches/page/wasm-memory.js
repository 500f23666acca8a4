/**
 * Knows the linear memories of the WebAssembly instances that a page makes; imported before what makes them.
 * @module
 */

/** @type {Set<WebAssembly.Memory>} */
const memories = new Set();

for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...args) => {
    const result = await original.apply(WebAssembly, args);
    remember(result instanceof WebAssembly.Instance ? result : result.instance);
    return result;
  };
}

function remember(instance) {
  for (const value of Object.values(instance.exports)) {
    if (value instanceof WebAssembly.Memory) memories.add(value);
  }
}

/** Bytes of all memories together. A memory never shrinks, so this is also the peak until now. */
export function wasmMemory() {
  let bytes = 0;
  for (const memory of memories) bytes += memory.buffer.byteLength;
  return bytes;
}
