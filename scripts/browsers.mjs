// The browser engines that the tests run in: where each is, and what to install where it is not.

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { isProgram, which } from "./toolchain.mjs";

const MAC = process.platform === "darwin";

/**
 * One program that an engine's tests need.
 *
 * @typedef {object} Piece
 * @property {string} name What it is called in messages.
 * @property {() => string | undefined} find Its path.
 * @property {string} [debian] The Debian package that brings it.
 * @property {string} [crate] The crate that brings it, where no package does.
 * @property {string} otherwise How to get it on another system.
 */

/**
 * An engine: a browser, the WebDriver server that steers it, and what else it takes.
 *
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} flag wasm-pack's option for it.
 * @property {string} driverFlag wasm-pack's option for the path of its driver.
 * @property {Piece} browser
 * @property {Piece} driver
 * @property {Piece[]} others
 * @property {(binary: string) => object} capabilities What the driver is asked for, in W3C WebDriver's terms.
 */

/** @type {Engine[]} */
export const ENGINES = [
  {
    name: "Chromium",
    flag: "--chrome",
    driverFlag: "--chromedriver",
    browser: {
      name: "Chromium",
      find: () =>
        which("chromium", "chromium-browser", "google-chrome", "google-chrome-stable") ??
        onMac("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
      debian: "chromium",
      otherwise: "install Chromium or Google Chrome",
    },
    driver: {
      name: "chromedriver",
      find: () => which("chromedriver"),
      debian: "chromium-driver",
      otherwise: "install the chromedriver of the browser's version and put it in PATH",
    },
    others: [],
    // Chromium refuses its sandbox to root, and containers often run as root.
    capabilities: (binary) => ({
      "goog:chromeOptions": {
        binary,
        args: ["--headless", "--disable-dev-shm-usage", ...asRoot("--no-sandbox")],
      },
    }),
  },
  {
    name: "Firefox",
    flag: "--firefox",
    driverFlag: "--geckodriver",
    browser: {
      name: "Firefox",
      find: () =>
        which("firefox", "firefox-esr") ?? onMac("/Applications/Firefox.app/Contents/MacOS/firefox"),
      debian: "firefox-esr",
      otherwise: "install Firefox",
    },
    driver: {
      name: "geckodriver",
      find: () => which("geckodriver"),
      crate: "geckodriver",
      otherwise: "cargo install geckodriver",
    },
    others: [],
    capabilities: (binary) => ({ "moz:firefoxOptions": { binary, args: ["-headless"] } }),
  },
  {
    name: "WebKit",
    flag: "--safari",
    driverFlag: "--safaridriver",
    browser: MAC
      ? {
          name: "Safari",
          find: () => onMac("/Applications/Safari.app/Contents/MacOS/Safari"),
          otherwise: "comes with macOS",
        }
      : {
          name: "WebKitGTK's MiniBrowser",
          find: miniBrowser,
          debian: "webkit2gtk-driver",
          otherwise: "install WebKitGTK with its MiniBrowser",
        },
    driver: MAC
      ? {
          name: "safaridriver",
          find: () => which("safaridriver"),
          otherwise: "run `safaridriver --enable` once",
        }
      : {
          name: "WebKitWebDriver",
          find: () => which("WebKitWebDriver"),
          debian: "webkit2gtk-driver",
          otherwise: "install WebKitGTK's WebKitWebDriver",
        },
    // MiniBrowser has no headless mode, so it gets a display that nobody sees.
    others: MAC
      ? []
      : [
          { name: "Xvfb", find: () => which("Xvfb"), debian: "xvfb", otherwise: "install Xvfb" },
          {
            name: "xauth",
            find: () => which("xauth"),
            debian: "xauth",
            otherwise: "install xauth (for xvfb-run)",
          },
        ],
    capabilities: (binary) => (MAC ? {} : { "webkitgtk:browserOptions": { binary, args: ["--automation"] } }),
  },
];

/**
 * What emojis are drawn with in the explorer and in its pictures. Tests run without it.
 *
 * @type {Piece}
 */
export const EMOJI_FONT = {
  name: "a font with emojis",
  find: () => (process.platform === "linux" ? EMOJI_FONTS.find(existsSync) : "the system's own"),
  debian: "fonts-noto-color-emoji",
  otherwise: "install Noto Color Emoji",
};

/** Where distributions put it. */
const EMOJI_FONTS = ["truetype/noto", "noto", "google-noto-color-emoji-fonts", "google-noto-emoji"].map(
  (folder) => `/usr/share/fonts/${folder}/NotoColorEmoji.ttf`,
);

/**
 * An engine by its name, or an error that names those there are.
 *
 * @param {string} name
 */
export function engine(name) {
  const found = ENGINES.find((one) => one.name === name);
  if (!found) throw new Error(`no engine ${name}: there are ${ENGINES.map((one) => one.name).join(", ")}`);
  return found;
}

/**
 * Everything that an engine's tests need.
 *
 * @param {Engine} one
 * @returns {Piece[]}
 */
export function pieces(one) {
  return [one.browser, one.driver, ...one.others];
}

/**
 * What an engine lacks on this machine; none, if its tests can run.
 *
 * @param {Engine} one
 * @returns {Piece[]}
 */
export function missingPieces(one) {
  return pieces(one).filter((piece) => piece.find() === undefined);
}

/**
 * Says what is missing and what brings it, as in "Firefox is missing (apt-get install firefox-esr)".
 *
 * @param {Piece[]} missing
 */
export function describeMissing(missing) {
  const names = missing.map((piece) => piece.name);
  const packages = [...new Set(missing.flatMap((piece) => piece.debian ?? []))];
  const hints = [];
  if (packages.length > 0) hints.push(`on Debian: apt-get install ${packages.join(" ")}`);
  for (const piece of missing) {
    if (piece.crate) hints.push(`cargo install ${piece.crate}`);
    else if (packages.length === 0 || process.platform !== "linux") hints.push(piece.otherwise);
  }
  return `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} missing (${hints.join("; ")})`;
}

/** WebKitGTK keeps its small browser out of PATH, in a folder named by the architecture and its own version. */
function miniBrowser() {
  const byArchitecture = folders("/usr/lib").filter((folder) => folder.includes("-linux-gnu"));
  return [...byArchitecture, "/usr/lib", "/usr/lib64", "/usr/libexec"]
    .flatMap(folders)
    .filter((folder) => path.basename(folder).startsWith("webkit"))
    .map((folder) => path.join(folder, "MiniBrowser"))
    .find(isProgram);
}

function folders(root) {
  try {
    return readdirSync(root).map((name) => path.join(root, name));
  } catch {
    return [];
  }
}

function onMac(application) {
  return MAC && isProgram(application) ? application : undefined;
}

function asRoot(...args) {
  return process.getuid?.() === 0 ? args : [];
}
