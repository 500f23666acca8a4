/**
 * Entries as a model reads them: short, with a mark where something was left out.
 * @module
 */

import { EMOJIS } from "./schemas.js";

/** Longest message and metadata (as JSON) of an entry in a list, in UTF-16 code units. */
const LISTED = { message: 500, meta: 400 };

/** The same of an entry by itself. */
const WHOLE = { message: 20_000, meta: 20_000 };

/** How many keys of metadata that was left out are named, and how much of each. */
const NAMED = { keys: 20, length: 100 };

const STATUSES = new Map(Object.entries(EMOJIS).map(([status, emoji]) => [emoji, status]));

/** The status that an emoji stands for, or the emoji itself. */
export function statusOf(emoji) {
  return STATUSES.get(emoji) ?? emoji;
}

/** A time without the zeros at its end. */
export function shortTime(time) {
  return time?.replace(/\.?0+Z$/, "Z") ?? null;
}

/**
 * An entry of a list.
 * @param {import("../index.js").Entry} entry
 */
export function listed(entry) {
  return { ...plain(entry), message: shortened(entry.message), ...fitting(entry.meta, LISTED.meta) };
}

/**
 * An entry by itself; a very long message in pieces.
 *
 * @param {import("../index.js").Entry} entry
 * @param {number} from Where the piece begins, in UTF-16 code units.
 * @returns {{ entry: object, next: string | null }} `next`: where the next piece begins.
 */
export function whole(entry, from) {
  const message = cutAt(entry.message.slice(from), WHOLE.message);
  const end = from + message.length;
  return {
    entry: { ...plain(entry), message, ...fitting(entry.meta, WHOLE.meta) },
    next: end < entry.message.length ? String(end) : null,
  };
}

/** The metadata that fits, and the keys of the rest. */
function fitting(meta, most) {
  const kept = [];
  const cut = [];
  let length = 0;
  for (const pair of Object.entries(meta)) {
    const longer = length + JSON.stringify(pair).length;
    if (longer > most) {
      cut.push(cutAt(pair[0], NAMED.length));
    } else {
      kept.push(pair);
      length = longer;
    }
  }
  if (cut.length === 0) return { meta };
  if (cut.length > NAMED.keys) cut.push(`… ${cut.splice(NAMED.keys).length} more`);
  return { meta: Object.fromEntries(kept), meta_cut: cut };
}

function plain({ entryId, ts, agent, emoji }) {
  return { id: entryId, time: shortTime(ts), agent, status: statusOf(emoji) };
}

function shortened(message) {
  // The mark takes about as long.
  if (message.length <= LISTED.message + 80) return message;
  const start = cutAt(message, LISTED.message);
  return `${start}… [${message.length - start.length} more characters: query_entries with this id as entry_id]`;
}

/** The start of a text, which does not end in half a character. */
function cutAt(text, length) {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, text.length > length && last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
