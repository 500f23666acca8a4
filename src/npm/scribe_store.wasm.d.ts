/** The WebAssembly module: what a bundler makes of an import of it, such as an address, is for its own types to say. */
declare const module: unknown;
export default module;
