// The sign of a kind of entry: drawn for the kinds that the package knows, so that they look alike everywhere.

import { Plain } from "../shared/plain.tsx";
import { kindOf } from "./kind.ts";

const SIGNS: Record<string, string> = {
  success: "M8 1.500a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM5 8.200l2.100 2.100L11 6.200",
  warning: "M8 2l6.500 11.500h-13zM8 6.500v3.200M8 11.600v.1",
  error:
    "M8 1.500a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM5.700 5.700l4.600 4.600M10.300 5.700l-4.600 4.600",
  info: "M8 1.500a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM8 7.400v3.700M8 4.900v.1",
  bug: "M8 4.500c-4.500 0-4.500 9 0 9s4.500-9 0-9zM8 4.500v9M5.500 4.500L4 2.500M10.500 4.500L12 2.500M4.500 8h-3M11.500 8h3M5 11.500l-2.500 2M11 11.500l2.500 2",
  plan: "M8 1.500a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM10.800 5.200L9.200 9.200l-4 1.600 1.600-4z",
};

export function KindIcon({ emoji }: { emoji: string }) {
  const { className, word } = kindOf(emoji);
  const sign = SIGNS[className];
  if (sign === undefined) return <Plain text={emoji.slice(0, 16)} />;
  return (
    <span class={`kind-icon ${className}`} title={word}>
      <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
        <path
          d={sign}
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      <span class="unseen">{emoji}</span>
    </span>
  );
}
