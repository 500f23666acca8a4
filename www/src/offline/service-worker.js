// Keeps the page's files, so that it opens without a network. The build fills in what the files are.

const VERSION = "__VERSION__";
const FILES = ["__FILES__"];
const PREFIX = "scribe-store-explorer-";
const CACHE = PREFIX + VERSION;

const addresses = new Set(FILES.map((file) => new URL(file, self.registration.scope).href));

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  url.hash = "";
  if (request.mode === "navigate" && isPage(url)) event.respondWith(newestPage(request));
  else if (addresses.has(url.href)) event.respondWith(kept(request));
});

/** Whether an address is that of the page, which it is with anything behind a "?" as well. */
function isPage({ origin, pathname }) {
  const { href } = new URL(origin + pathname);
  return href === self.registration.scope || href === new URL("index.html", self.registration.scope).href;
}

/** The page itself comes from the network if there is one: only it says which files are the current ones. */
async function newestPage(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(self.registration.scope, { cacheName: CACHE })) ?? Response.error();
  }
}

/** The other files never change under their names. */
async function kept(request) {
  return (await caches.match(request, { cacheName: CACHE, ignoreSearch: true })) ?? fetch(request);
}
