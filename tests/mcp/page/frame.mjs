// Servers in a frame: one for the page around it, over windows, and one for each port that the page sends.

import { PostMessageTransport } from "scribe-store/mcp";
import { serve } from "./parts.mjs";

const origin = new URLSearchParams(location.search).get("for");

serve(new PostMessageTransport(parent, { origin }), "frame");
addEventListener("message", ({ data, ports, origin: from }) => {
  if (data === "a port" && from === origin) serve(new PostMessageTransport(ports[0]), "port");
});
