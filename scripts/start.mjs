// `npm start`: sets up, builds, and serves the explorer until Ctrl-C.
//
// The environment variable PORT chooses the port, and then exactly that one is used; otherwise it is 8080 or the
// next one that is free.

import { BuildError, build, DIST } from "./build.mjs";
import { buildExplorer, EXPLORER } from "./explorer.mjs";
import { startServer } from "./serve.mjs";
import { SetUpError, setUp } from "./setup.mjs";

const FIRST_PORT = 8080;
const LAST_PORT = FIRST_PORT + 99;

/** Something that the user has to put right. */
class StartError extends Error {}

try {
  const chosen = chosenPort(process.env.PORT);
  await setUp("start");
  await build();
  await buildExplorer();
  const server = await serve(chosen);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop(server));
  stopWithParent(server);
  console.log(`\nThe explorer is at ${server.url} (Ctrl-C ends it)`);
} catch (error) {
  if (![SetUpError, BuildError, StartError].some((known) => error instanceof known)) throw error;
  console.error(error.message);
  process.exit(1);
}

/** @param {string | undefined} text */
function chosenPort(text) {
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new StartError(`PORT is "${text}", which is no port: it must be a whole number from 1 to 65535.`);
  }
  return port;
}

/** @param {number | undefined} chosen */
async function serve(chosen) {
  const folders = { root: EXPLORER, mounts: { "/scribe-store/": DIST } };
  for (let port = chosen ?? FIRST_PORT; port <= (chosen ?? LAST_PORT); port += 1) {
    try {
      return await startServer({ ...folders, port });
    } catch (error) {
      if (error.code === "EACCES")
        throw new StartError(`Port ${port} needs more rights: choose one above 1023.`);
      if (error.code !== "EADDRINUSE") throw error;
    }
  }
  throw new StartError(
    chosen === undefined
      ? `Every port from ${FIRST_PORT} to ${LAST_PORT} is taken; choose another one with PORT=….`
      : `Port ${chosen}, chosen with PORT, is taken by another program.`,
  );
}

/**
 * Ends with the `npm` that started this: a signal to npm alone ends npm and the shell between, but is not passed on
 * to here, and the port would stay taken.
 */
function stopWithParent(server) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(server), 500).unref();
}

async function stop(server) {
  await server.close();
  process.exit(0);
}
