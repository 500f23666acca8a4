// Importing must do nothing: a server that renders pages imports what only the browser will use.

const calls = [];
const note = (owner, name) => {
  const original = owner[name];
  owner[name] = new Proxy(original, {
    apply: (...call) => calls.push(name) && Reflect.apply(...call),
    construct: (...call) => calls.push(name) && Reflect.construct(...call),
  });
};
note(globalThis, "fetch");
note(globalThis, "setTimeout");
note(globalThis, "setInterval");
for (const name of [
  "compile",
  "compileStreaming",
  "instantiate",
  "instantiateStreaming",
  "Instance",
  "Module",
]) {
  note(WebAssembly, name);
}

const before = Reflect.ownKeys(globalThis);
const entries = [];
for (const entry of ["scribe-store", "scribe-store/inline", "scribe-store/tools"])
  entries.push(await import(entry));
const added = Reflect.ownKeys(globalThis).filter((key) => !before.includes(key));

console.log(
  JSON.stringify({ exports: entries.map((entry) => Object.keys(entry)), added: added.map(String), calls }),
);
