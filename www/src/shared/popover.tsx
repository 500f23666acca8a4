// A button with a panel below it, which closes when the focus or a click goes elsewhere.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface Props {
  label: ComponentChildren;
  /** Name for those who do not see the label. */
  name?: string;
  /** Whether what the panel sets is set. */
  on?: boolean;
  class?: string;
  children: ComponentChildren;
}

export function Popover({ label, name, on = false, class: extra = "", children }: Props) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();
  useEffect(() => {
    if (!open.value) return;
    const outside = (event: Event) => {
      const { target } = event;
      // A press on plain text gives the focus to what is around it, which holds this, too.
      if (!(target instanceof Node) || !root.current || root.current.contains(target)) return;
      if (event.type === "pointerdown" || !target.contains(root.current)) open.value = false;
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open.value]);
  return (
    <div
      ref={root}
      class={`popover ${extra}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open.value) return;
        event.stopPropagation();
        event.preventDefault();
        open.value = false;
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        class={on ? "on" : undefined}
        aria-label={name}
        aria-expanded={open.value}
        aria-controls={open.value ? panel : undefined}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {label}
        <Icon name="down" />
      </button>
      {open.value && (
        <div id={panel} class="panel">
          {children}
        </div>
      )}
    </div>
  );
}
