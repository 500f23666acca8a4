// A button that copies a text.

import { useSignal } from "@preact/signals";
import { useApp } from "../app/context.ts";
import { Icon } from "./icon.tsx";

const SAID_MS = 1_500;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const app = useApp();
  const done = useSignal(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      done.value = true;
      setTimeout(() => {
        done.value = false;
      }, SAID_MS);
    } catch {
      app.notify("error", `The browser did not let ${what} be copied.`);
    }
  };
  return (
    <button
      type="button"
      class="plain icon copy"
      aria-label={done.value ? `Copied ${what}` : `Copy ${what}`}
      title={done.value ? "Copied" : `Copy ${what}`}
      onClick={copy}
    >
      <Icon name={done.value ? "done" : "copy"} />
    </button>
  );
}
