// Keys that work wherever the focus is, unless something is typed.

import { useEffect, useRef } from "preact/hooks";

type Shortcuts = Record<string, () => unknown>;

const active: { current: Shortcuts }[] = [];

/** Listens for keys, by `KeyboardEvent.key`, while a component is shown; the one that was shown last goes first. */
export function onShortcuts(shortcuts: Shortcuts): void {
  const mine = useRef(shortcuts);
  mine.current = shortcuts;
  useEffect(() => {
    active.unshift(mine);
    return () => {
      active.splice(active.indexOf(mine), 1);
    };
  }, []);
}

const TYPING = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

/** Begins to listen. */
export function listenForShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    // A dialog that is open keeps the keys to itself.
    if (document.querySelector("dialog:modal")) return;
    if (event.target instanceof Element && event.target.matches(TYPING)) return;
    const found = active.find((one) => Object.hasOwn(one.current, event.key));
    if (!found) return;
    event.preventDefault();
    found.current[event.key]?.();
  });
}
