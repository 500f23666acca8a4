// The cases in Chromium.

import { testIn } from "../engines/suite.mjs";

testIn("Chromium");
