// How the explorer is built: one page, whose files carry a digest in their names, and a service worker that knows them all.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vite";

const HERE = import.meta.dirname;

export default defineConfig({
  root: HERE,
  // Relative, so that the page works below any path.
  base: "./",
  publicDir: false,
  resolve: { alias: { "scribe-store": path.join(HERE, "..", "dist", "index.js") } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: path.join(HERE, "..", "target", "www"),
    emptyOutDir: true,
    target: "es2022",
    // The policy of the page allows no `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  plugins: [serviceWorker()],
});

/** Writes `sw.js` with the list of the files that were built, and a version that changes with any of them. */
function serviceWorker() {
  return {
    name: "service-worker",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const source = readFileSync(path.join(HERE, "src", "offline", "service-worker.js"), "utf8");
      const hash = createHash("sha256").update(source);
      for (const name of Object.keys(bundle).sort()) {
        const made = bundle[name];
        hash.update(name).update(made.type === "chunk" ? made.code : made.source);
      }
      const files = Object.keys(bundle).filter((name) => name !== "index.html");
      const text = source
        .replace('"__VERSION__"', JSON.stringify(hash.digest("hex").slice(0, 16)))
        .replace('["__FILES__"]', JSON.stringify(["./", ...files.sort()]));
      this.emitFile({ type: "asset", fileName: "sw.js", source: text });
    },
  };
}
