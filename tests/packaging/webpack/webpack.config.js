/** Nothing but the entries: the package needs no configuration. */
export default {
  entry: { main: "./main.js", inline: "./inline.js", "in-worker": "./in-worker.js" },
};
