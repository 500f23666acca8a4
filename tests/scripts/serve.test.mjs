// The server behind `npm start` and the browser tests.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { startServer } from "../../scripts/serve.mjs";

let scratch;
let server;

before(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), "scribe-store-serve-"));
  const files = {
    "secret.txt": "secret",
    "site/index.html": "<title>start</title>",
    "site/module.mjs": "export {};",
    "site/deep/index.html": "<title>deep</title>",
    "site/name with spaces.txt": "spaces",
    "site/unknown.xyz": "?",
    "dist/store.wasm": "\0asm",
    "dist/index.js": "export {};",
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.join(scratch, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(scratch, name), content);
  }
  symlinkSync(path.join(scratch, "secret.txt"), path.join(scratch, "site", "link.txt"));
  server = await startServer({
    root: path.join(scratch, "site"),
    mounts: { "/scribe-store/": path.join(scratch, "dist") },
  });
});

after(async () => {
  await server?.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Asks for a path as it stands; `fetch` would tidy it up first. */
function ask(asked, { method = "GET", at = server.url } = {}) {
  const { hostname, port } = new URL(at);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path: asked, method }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    call.on("error", reject).end();
  });
}

for (const [asked, type, body] of [
  ["/", "text/html; charset=utf-8", "<title>start</title>"],
  ["/index.html?query#part", "text/html; charset=utf-8", "<title>start</title>"],
  ["/deep/", "text/html; charset=utf-8", "<title>deep</title>"],
  ["/module.mjs", "text/javascript; charset=utf-8", "export {};"],
  ["/name%20with%20spaces.txt", "text/plain; charset=utf-8", "spaces"],
  ["/unknown.xyz", "application/octet-stream", "?"],
  ["/scribe-store/index.js", "text/javascript; charset=utf-8", "export {};"],
  ["/scribe-store/store.wasm", "application/wasm", "\0asm"],
]) {
  test(`GET ${asked}`, async () => {
    const { status, headers, body: received } = await ask(asked);
    assert.equal(status, 200);
    assert.equal(headers["content-type"], type);
    assert.equal(headers["content-length"], String(body.length));
    assert.equal(received, body);
  });
}

test("every answer forbids other scripts and asks for a check before a copy is used again", async () => {
  for (const asked of ["/", "/nothing", "/%"]) {
    const { headers } = await ask(asked);
    assert.equal(
      headers["content-security-policy"],
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    );
    assert.equal(headers["cache-control"], "no-cache");
  }
});

for (const [asked, status] of [
  ["/../secret.txt", 400],
  ["/..%2fsecret.txt", 400],
  ["/%2e%2e/secret.txt", 400],
  ["/..%5csecret.txt", 400],
  ["/scribe-store/../../secret.txt", 400],
  ["/scribe-store/..%2f..%2fsecret.txt", 400],
  ["/index.html%00.txt", 400],
  ["/%", 400],
  ["/link.txt", 404],
  ["/index.html/", 404],
  ["/scribe-store/", 404],
  ["/nothing", 404],
]) {
  test(`GET ${asked} is refused`, async () => {
    const answer = await ask(asked);
    assert.equal(answer.status, status);
    assert.doesNotMatch(answer.body, /^secret$/);
  });
}

test("a folder's address gets its slash", async () => {
  for (const asked of ["/deep", "/scribe-store"]) {
    const { status, headers } = await ask(asked);
    assert.equal(status, 301);
    assert.equal(headers.location, `${asked}/`);
  }
  assert.equal((await ask("//deep")).headers.location ?? "/deep/", "/deep/", "not to another host");
});

test("HEAD gives the headers alone, another method is refused", async () => {
  const head = await ask("/", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers["content-length"], "20");
  assert.equal(head.body, "");
  const post = await ask("/", { method: "POST" });
  assert.equal(post.status, 405);
  assert.equal(post.headers.allow, "GET, HEAD");
});

test("headers can be added and left out", async () => {
  const other = await startServer({
    root: path.join(scratch, "site"),
    headers: { "content-security-policy": null, "cross-origin-opener-policy": "same-origin" },
  });
  try {
    const { headers } = await ask("/", { at: other.url });
    assert.equal(headers["content-security-policy"], undefined);
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
  } finally {
    await other.close();
  }
});

test("a taken port is an error, and a closed server frees its own", async () => {
  const root = path.join(scratch, "site");
  const one = await startServer({ root });
  const port = Number(new URL(one.url).port);
  await assert.rejects(startServer({ root, port }), { code: "EADDRINUSE" });
  await one.close();
  const again = await startServer({ root, port });
  await again.close();
});
