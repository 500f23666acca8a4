// The cases in WebKit.

import { testIn } from "../engines/suite.mjs";

testIn("WebKit");
