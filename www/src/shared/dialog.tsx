// A dialog over the page, and the button that closes it.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface Props {
  title: ComponentChildren;
  onClose: () => void;
  /** Something is under way that closing would end: Escape does not close. */
  busy?: boolean;
  wide?: boolean;
  children: ComponentChildren;
}

/** A modal dialog; it is open for as long as it is shown. */
export function Dialog({ title, onClose, busy = false, wide = false, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const name = useId();
  // At once: the next key may come before the browser has painted.
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide ? "wide" : undefined}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
      // Chromium closes at the second Escape, whatever was prevented.
      onClose={() => dialog.current?.isConnected && onClose()}
    >
      <div class="dialog-head">
        <h2 id={name}>{title}</h2>
        <button type="button" class="plain icon" aria-label="Close" disabled={busy} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
