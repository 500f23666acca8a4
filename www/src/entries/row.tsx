// One entry as a row of the table.

import type { Entry } from "scribe-store";
import { fullTime, shortTime } from "../shared/format.ts";
import { memo } from "../shared/memo.ts";
import { excerpt, Plain } from "../shared/plain.tsx";
import type { Range } from "./highlight.ts";
import { kindOf } from "./kind.ts";
import { KindIcon } from "./kind-icon.tsx";

interface Props {
  row: number;
  /** Place in the element that scrolls, in pixels. */
  top: number;
  /** `undefined` while it is being read. */
  entry: Entry | undefined;
  active: boolean;
  open: boolean;
  fresh: boolean;
  marks: readonly Range[];
  onOpen: () => void;
}

export const Row = memo(
  function Row({ row, top, entry, active, open, fresh, marks, onOpen }: Props) {
    const classes = ["row", kindOf(entry?.emoji ?? "").className];
    if (active) classes.push("active");
    if (open) classes.push("open");
    if (fresh) classes.push("fresh");
    const style = { transform: `translateY(${top}px)` };
    const common = { id: `row-${row}`, role: "row" as const, "aria-rowindex": row + 1, style };
    if (!entry) {
      return (
        <div {...common} class="row waiting" aria-busy="true">
          <span role="gridcell" class="message">
            …
          </span>
        </div>
      );
    }
    const message = excerpt(entry.message, marks);
    return (
      <div {...common} class={classes.join(" ")} aria-selected={active} onClick={onOpen}>
        <span role="gridcell" class="time">
          <time dateTime={entry.ts} title={fullTime(entry.ts)}>
            {shortTime(entry.ts)}
          </time>
        </span>
        <span role="gridcell" class="emoji">
          <KindIcon emoji={entry.emoji} />
        </span>
        <span role="gridcell" class={entry.agent === null ? "agent none" : "agent"}>
          {entry.agent === null ? "no agent" : <Plain text={entry.agent.slice(0, 100)} />}
        </span>
        <span role="gridcell" class="message">
          <Plain text={message.text} marks={message.marks} />
        </span>
      </div>
    );
  },
  (before, after) =>
    before.row === after.row &&
    before.top === after.top &&
    before.entry === after.entry &&
    before.active === after.active &&
    before.open === after.open &&
    before.fresh === after.fresh &&
    sameMarks(before.marks, after.marks),
);

function sameMarks(a: readonly Range[], b: readonly Range[]): boolean {
  return (
    a === b ||
    (a.length === b.length && a.every(([start, end], at) => b[at]?.[0] === start && b[at]?.[1] === end))
  );
}
