// A server in a worker, for whoever started it.

import { PostMessageTransport } from "scribe-store/mcp";
import { serve } from "./parts.mjs";

// A global of the script's own, of which ports have one, too.
self.start = () => {
  throw new Error("not meant");
};

serve(new PostMessageTransport(self), "worker");
