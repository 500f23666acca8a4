// Values that no caller means, each made anew where it is used: what throws, lies, or goes round in circles.

const thrower = (thrown) => () => {
  throw thrown;
};

/** An object with one member that is read through a function. */
const reading = (get, key = "project") => Object.defineProperty({}, key, { get, enumerable: true });

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Members of a valid argument, with something wrong about the whole. */
const entry = () => ({
  entryId: `odd-${Math.random()}`,
  project: "p",
  ts: 0,
  emoji: "",
  message: "m",
  rawLine: "",
  sha256: "",
});

function nested(levels, leaf = {}) {
  let value = leaf;
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
}

/** An object in which everything is there twice, level by level. */
function doubled(levels) {
  let value = {};
  for (let level = 0; level < levels; level += 1) value = [value, value];
  return value;
}

function cycle() {
  const value = { project: "p", list: [] };
  value.list.push({ value });
  return value;
}

function sparse(length) {
  const list = [entry()];
  list.length = length;
  return list;
}

function endlessPrototypes() {
  const handler = { getPrototypeOf: () => new Proxy({}, handler) };
  return new Proxy({ project: "p" }, handler);
}

/** A member that is another value with each reading. */
function changing(key, ...values) {
  let at = 0;
  const next = () => {
    at += 1;
    return values[Math.min(at, values.length) - 1];
  };
  return Object.defineProperty(entry(), key, { get: next, enumerable: true });
}

/** An iterable of entries that does something else after some. */
function failing(count, end) {
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < count; index += 1) yield entry();
      yield end();
    },
  };
}

/** An iterable whose end cannot be told to it. */
function unstoppable() {
  let left = 3;
  const next = () => {
    left -= 1;
    return { done: false, value: left > 0 ? entry() : { entryId: 1n } };
  };
  return { [Symbol.iterator]: () => ({ next, return: thrower(new Error("no return")) }) };
}

class Query {
  project = "p";
  get agents() {
    return ["a"];
  }
}

class LyingArray extends Array {
  slice() {
    return "none";
  }
  every() {
    return true;
  }
}

/** @type {Record<string, () => unknown>} */
export const ODDITIES = {
  "a symbol": () => Symbol("s"),
  "a function": () => () => "p",
  "a class": () => Query,
  "a BigInt": () => 2n ** 64n,
  "a boxed string": () => Object("p"),
  "a boxed NaN": () => Object(Number.NaN),
  "a boxed BigInt": () => Object(1n),
  "a Map": () => new Map([["project", "p"]]),
  "a Set": () => new Set(["p"]),
  "a WeakMap": () => new WeakMap(),
  "a regular expression": () => /p/,
  "a promise": () => Promise.resolve("p"),
  // Nobody waits for it, and that must not matter.
  // biome-ignore lint/suspicious/noThenProperty: that is what is odd about it.
  "a thenable": () => ({ then: thrower(new Error("then")) }),
  "an invalid Date": () => new Date(Number.NaN),
  "a Date": () => new Date(0),
  "a Date that lies": () => Object.assign(new Date(0), { toJSON: () => "yesterday" }),
  bytes: () => new Uint8Array([1, 2, 3]),
  "numbers with NaN": () => new Float64Array([Number.NaN]),
  "a buffer": () => new ArrayBuffer(8),
  "an error": () => new RangeError("e"),
  "an instance": () => new Query(),
  "the global object": () => globalThis,
  arguments: () =>
    (function () {
      // biome-ignore lint/complexity/noArguments: it is the object that is wanted.
      return arguments;
    })("p"),
  "a cycle": cycle,
  "10,000 levels": () => nested(10_000),
  "120 levels": () => nested(120),
  "twelve doublings": () => doubled(12),
  "a sparse list": () => sparse(5),
  "a very long empty list": () => sparse(2 ** 32 - 1),
  "a list with a member": () => Object.assign([entry()], { project: "p" }),
  "a list that lies": () => LyingArray.of(entry(), entry()),
  "a list with toJSON": () => Object.defineProperty([entry()], "toJSON", { value: () => Number.NaN }),
  "a bare object": () => Object.assign(Object.create(null), { project: "p" }),
  "a frozen object": () => Object.freeze({ project: "p" }),
  "a frozen list": () => Object.freeze([entry()]),
  "an inheriting object": () => Object.create({ project: "p" }),
  "a tagged object": () => ({ project: "p", [Symbol.toStringTag]: "Number" }),
  "an object tagged by a throw": () => ({
    get [Symbol.toStringTag]() {
      throw new Error("tag");
    },
  }),
  "a getter that throws": () => reading(thrower(new Error("not today"))),
  "a getter that throws nothing": () => reading(thrower(undefined)),
  "a getter that throws what has no text": () => reading(thrower(Object.create(null))),
  "a getter that throws a revoked proxy": () => reading(thrower(revoked({}))),
  "a getter that throws a symbol's message": () =>
    reading(thrower(Object.assign(new Error("e"), { message: Symbol("m") }))),
  "a getter that throws a forged error": () =>
    reading(thrower({ [Symbol.for("scribe-store.error")]: true, code: "forged" })),
  "a message that becomes a BigInt": () => changing("message", "m", "m", 1n),
  "a message that becomes a function": () => changing("message", "m", () => "m"),
  "metadata that becomes a cycle": () => changing("meta", {}, cycle()),
  "toJSON that throws": () => ({ project: "p", toJSON: thrower(new Error("no JSON")) }),
  "toJSON that is hidden": () =>
    Object.defineProperty(entry(), "toJSON", { value: thrower(new Error("no")) }),
  "toJSON that lies": () => ({ project: 1, toJSON: () => ({ project: "p" }) }),
  "toJSON that gives nothing": () => ({ toJSON: () => undefined }),
  "toJSON that gives NaN": () => ({ toJSON: () => Number.NaN }),
  "toJSON without end": () => {
    const value = { toJSON: () => ({ value }) };
    return value;
  },
  "a forged signal": () => ({ [Symbol.toStringTag]: "AbortSignal", aborted: false }),
  "a proxy of a signal": () => new Proxy(new AbortController().signal, {}),
  "a proxy": () => new Proxy({ project: "p" }, {}),
  "a proxy of an entry": () => new Proxy(entry(), {}),
  "a revoked proxy": () => revoked({}),
  "a revoked list": () => revoked([]),
  "a revoked function": () => revoked(() => "p"),
  "a proxy that throws": () =>
    new Proxy({}, { get: thrower(new Error("get")), ownKeys: thrower(new Error("ownKeys")) }),
  "a proxy that throws later": () =>
    new Proxy(
      { backend: "memory" },
      {
        get: (target, key) => (key === "wasm" ? thrower(new TypeError("wasm"))() : target[key]),
      },
    ),
  "a proxy without descriptors": () =>
    new Proxy({ project: "p" }, { getOwnPropertyDescriptor: thrower(new Error("none")) }),
  "prototypes without end": endlessPrototypes,
  "a generator of entries": () => failing(3, entry)[Symbol.iterator](),
  "a source that throws": () => failing(3, thrower(new Error("half-way"))),
  "a source that throws what has no text": () => failing(2, thrower(Object.create(null))),
  "a source of nonsense": () => failing(2, () => Symbol("s")),
  "a source of a revoked proxy": () => failing(2, () => revoked({})),
  "a source without steps": () => ({ [Symbol.iterator]: () => ({}) }),
  "a source of no steps": () => ({ [Symbol.iterator]: () => ({ next: () => 1 }) }),
  "a source that does not end": unstoppable,
  "an asynchronous source": () => ({ [Symbol.asyncIterator]: async function* () {} }),
};
