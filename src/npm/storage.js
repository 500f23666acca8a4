/**
 * What the browser says of the room that it gives to an origin.
 * @module
 */

/** Asks the browser; `undefined` where it does not know, or will not say. */
async function ask(question) {
  try {
    return await question(globalThis.navigator.storage);
  } catch {
    return undefined;
  }
}

/** How much room there is for the origin, and how much of it is taken. */
export async function room() {
  const [estimate, persistent] = await Promise.all([
    ask((storage) => storage.estimate()),
    ask((storage) => storage.persisted()),
  ]);
  return {
    usage: estimate?.usage ?? null,
    quota: estimate?.quota ?? null,
    persistent: persistent ?? null,
  };
}

/** Asks the browser to keep what the origin stores, and tells whether it does. */
export async function persist() {
  return (await ask((storage) => storage.persist())) ?? false;
}
