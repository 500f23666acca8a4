// The page's side: a client for each place where a server may be.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { PostMessageTransport } from "scribe-store/mcp";
import { keepToThePolicy } from "./parts.mjs";

keepToThePolicy();

/** The SDK's own validators make code, which the page's policy forbids. */
const jsonSchemaValidator = { getValidator: () => (data) => ({ valid: true, data }) };

const frameOrigin = new URLSearchParams(location.search).get("frame");

/** Loads a frame of another origin, with a server that takes messages of the origin that is named. */
async function frame(takes) {
  const element = document.createElement("iframe");
  element.src = `${frameOrigin}/frame.html?for=${encodeURIComponent(takes)}`;
  const loaded = new Promise((resolve) => element.addEventListener("load", resolve));
  document.body.append(element);
  await loaded;
  return element.contentWindow;
}

const transports = {
  worker: () => new PostMessageTransport(new Worker("./worker.js", { type: "module" })),
  frame: async () => new PostMessageTransport(await frame(location.origin), { origin: frameOrigin }),
  port: async () => {
    const { port1, port2 } = new MessageChannel();
    (await frame(location.origin)).postMessage("a port", frameOrigin, [port2]);
    return new PostMessageTransport(port1);
  },
};

/** Does what an agent does, and tells what came of it. */
globalThis.talk = async (place) => {
  const client = new Client({ name: "page", version: "1" }, { jsonSchemaValidator });
  const transport = await transports[place]();
  // Neither is part of the conversation.
  postMessage({ jsonrpc: "2.0", id: 0, result: { from: "the page itself" } }, location.origin);
  await client.connect(transport);
  const call = async (name, input) => {
    const { isError, structuredContent, content } = await client.callTool({ name, arguments: input });
    return isError ? JSON.parse(content[0].text) : structuredContent;
  };
  const told = {
    server: client.getServerVersion().name,
    tools: (await client.listTools()).tools.map(({ name }) => name),
    set: await call("set_project", { project: "p", root: "/p" }),
    appended: await call("append_entry", { message: `From the page to the ${place}` }),
    mistake: await call("append_entry", {}),
    log: (await client.readResource({ uri: "scribe://projects/p/log" })).contents[0].text,
  };
  const closed = new Promise((resolve) => {
    client.onclose = resolve;
  });
  await client.close();
  await closed;
  told.afterwards = await transport.send({ jsonrpc: "2.0", method: "x" }).catch(({ code }) => code);
  return told;
};

/** Which messages are taken, of those that come from here and there. */
globalThis.heard = async () => {
  const window = await frame(location.origin);
  const heard = [];
  const transports = [frameOrigin, "*"].map((origin) => {
    const transport = new PostMessageTransport(window, { origin });
    transport.onmessage = ({ method }) => heard.push(`${method}, taken by ${origin}`);
    return transport;
  });
  for (const transport of transports) await transport.start();
  const post = (method, origin, source) =>
    dispatchEvent(new MessageEvent("message", { data: { jsonrpc: "2.0", method }, origin, source }));
  post("right", frameOrigin, window);
  post("of another origin", location.origin, window);
  post("of another window", frameOrigin, globalThis.window);
  post("of no window", frameOrigin, null);
  for (const transport of transports) await transport.close();
  post("too late", frameOrigin, window);
  return { heard, frameOrigin };
};
