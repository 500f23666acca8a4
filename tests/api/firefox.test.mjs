// The cases in Firefox.

import { testIn } from "../engines/suite.mjs";

testIn("Firefox");
