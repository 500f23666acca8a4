// What the cases work with in a browser, in a window or a worker. The paths are those of the tests' server.

import * as api from "/package/index.js";

/** How many copies of the package the server offers. */
const COPIES = 100;

let copies = 0;

/** Modules are kept by their address, so a copy that is loaded anew has an address of its own. */
function freshCopy(entry) {
  if (copies === COPIES)
    throw new Error(`there are no more than ${COPIES} copies: raise it here and in the server`);
  copies += 1;
  return import(`/copy-${copies}/${entry}`);
}

/**
 * @param {"window" | "worker"} name
 * @returns {import("./world.mjs").Runtime}
 */
export function browserRuntime(name) {
  return {
    name,
    api,
    freshApi: () => freshCopy("index.js"),
    freshInlineApi: () => freshCopy("inline.js"),
    address: (file) => new URL(`/${file}`, location.href).href,
    otherRealm: () => {
      const frame = document.body.appendChild(document.createElement("iframe"));
      return frame.contentWindow;
    },
  };
}
