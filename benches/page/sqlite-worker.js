/**
 * SQLite in a worker, on the pool of OPFS access handles: the fastest of its ways to store in a browser.
 * @module
 */

import sqlite3InitModule from "@sqlite.org/sqlite-wasm";

/** A rollback journal and its syncs are replaced by a log; what is resolved is handed to the operating system. */
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -32768;
`;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL,
    ts INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    agent TEXT,
    message TEXT NOT NULL,
    meta TEXT NOT NULL,
    raw_line TEXT NOT NULL,
    sha256 TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS by_time ON entries (ts);
  CREATE INDEX IF NOT EXISTS by_agent ON entries (agent, ts);
  CREATE INDEX IF NOT EXISTS by_emoji ON entries (emoji, ts);
`;

const COLUMNS = "entry_id, project, ts, emoji, agent, message, meta, raw_line, sha256";
const INSERT = `INSERT INTO entries (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

let sqlite3;
let pool;
let database;

/** Prepared once, by their SQL. */
const statements = new Map();

function prepared(sql) {
  let statement = statements.get(sql);
  if (!statement) {
    statement = database.prepare(sql);
    statements.set(sql, statement);
  }
  return statement;
}

/** The newest rows that a condition holds for. */
function rows(condition, bound, limit, offset = 0) {
  const order = "ORDER BY ts DESC, seq DESC LIMIT ? OFFSET ?";
  const statement = prepared(`SELECT ${COLUMNS} FROM entries ${condition} ${order}`);
  statement.bind([...bound, limit, offset]);
  const found = [];
  while (statement.step()) {
    const [entryId, project, ts, emoji, agent, message, meta, rawLine, sha256] = statement.get([]);
    found.push({ entryId, project, ts, emoji, agent, message, meta: JSON.parse(meta), rawLine, sha256 });
  }
  statement.reset();
  return found;
}

function count(condition, bound) {
  const statement = prepared(`SELECT count(*) FROM entries ${condition}`);
  statement.bind(bound).step();
  const number = statement.getInt(0);
  statement.reset();
  return number;
}

function page(condition, bound, limit) {
  return database.transaction(() => ({
    items: rows(condition, bound, limit),
    total: count(condition, bound),
  }));
}

const methods = {
  async prepare() {
    sqlite3 = await sqlite3InitModule();
  },
  async open() {
    pool = await sqlite3.installOpfsSAHPoolVfs({});
    database = new pool.OpfsSAHPoolDb("/bench.sqlite3");
    database.exec(SETTINGS);
    database.exec(SCHEMA);
    let expression;
    // SQLite has the operator but leaves the function to the application.
    database.createFunction({
      name: "regexp",
      deterministic: true,
      xFunc(_context, pattern, text) {
        if (expression?.source !== pattern) expression = new RegExp(pattern, "iu");
        return expression.test(text) ? 1 : 0;
      },
    });
  },
  insert(entries) {
    database.transaction("IMMEDIATE", () => {
      const statement = prepared(INSERT);
      for (const { entryId, project, ts, emoji, agent, message, meta, rawLine, sha256 } of entries) {
        const row = [entryId, project, ts, emoji, agent, message, JSON.stringify(meta), rawLine, sha256];
        statement.bind(row).stepReset();
      }
    });
  },
  recent: ({ limit, offset }) => rows("", [], limit, offset),
  countAgent: ({ agent }) => count("WHERE agent = ?", [agent]),
  agentsPage: ({ agents, start, end, limit }) =>
    page("WHERE agent IN (?, ?) AND ts BETWEEN ? AND ?", [...agents, start, end], limit),
  // Without regard to case, as LIKE is for ASCII.
  substringPage: ({ text, limit }) => page("WHERE message LIKE ?", [`%${text}%`], limit),
  regexPage: ({ pattern, limit }) => page("WHERE message REGEXP ?", [pattern], limit),
  metaPage: ({ key, value, limit }) => page("WHERE meta ->> ? = ?", [`$."${key}"`, value], limit),
  close() {
    for (const statement of statements.values()) statement.finalize();
    statements.clear();
    database.exec("PRAGMA optimize");
    // The log goes into the database, and the log's file is emptied.
    database.close();
    pool.pauseVfs();
  },
};

self.onmessage = async ({ data: { number, method, argument } }) => {
  try {
    self.postMessage({ number, result: await methods[method](argument) });
  } catch (error) {
    self.postMessage({ number, error: String(error.stack ?? error) });
  }
};
