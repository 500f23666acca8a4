// A worker of any kind: dedicated, shared, service. It answers each request on the port that came with it.

import { perform } from "./tasks.mjs";

function answer(event) {
  const [port] = event.ports;
  const work = perform(...event.data).then(
    (value) => port.postMessage({ value }),
    (error) => port.postMessage({ error: `${error}\n${error.stack}` }),
  );
  // Without this a service worker may be ended before it is done.
  event.waitUntil?.(work);
}

addEventListener("message", answer);
addEventListener("connect", ({ ports: [port] }) => {
  port.onmessage = answer;
});
