// A server in a worker, for whoever started it.

import { PostMessageTransport } from "scribe-store/mcp";
import { serve } from "./parts.mjs";

serve(new PostMessageTransport(self), "worker");
