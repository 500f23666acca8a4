// A list of boxes to tick, each with how many entries it stands for.

import { useSignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import { number } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import type { Counts } from "./facets.ts";

/** From so many on, the choices can be searched. */
const SEARCHABLE = 10;
/** More are not listed at once. */
const MOST = 300;

interface Props {
  legend: string;
  counts: Counts | undefined;
  chosen: string[];
  onChange: (chosen: string[]) => void;
  /** How a value is shown. Default: as it is. */
  show?: (value: string) => ComponentChild;
}

export function Choices({ legend, counts, chosen, onChange, show }: Props) {
  const search = useSignal("");
  const all = new Map<string, number | undefined>(counts);
  for (const one of chosen) if (!all.has(one)) all.set(one, undefined);
  const wanted = search.value.toLowerCase();
  const found = [...all].filter(([value]) => value.toLowerCase().includes(wanted));
  return (
    <fieldset class="choices">
      <legend class="unseen">{legend}</legend>
      {all.size >= SEARCHABLE && (
        <input
          type="search"
          placeholder={`Find among ${number(all.size)}`}
          aria-label={`Find ${legend.toLowerCase()}`}
          value={search.value}
          onInput={(event) => {
            search.value = event.currentTarget.value;
          }}
        />
      )}
      <div class="choice-list">
        {found.slice(0, MOST).map(([value, count]) => (
          <label key={value} class="choice">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked ? [...chosen, value] : chosen.filter((one) => one !== value),
                )
              }
            />
            <span class="name">{value === "" ? "(empty)" : (show?.(value) ?? <Plain text={value} />)}</span>
            {count !== undefined && <span class="count">{number(count)}</span>}
          </label>
        ))}
        {found.length === 0 && <p class="quiet">{counts ? "None." : "Counting …"}</p>}
        {found.length > MOST && (
          <p class="quiet">… and {number(found.length - MOST)} more: search for them.</p>
        )}
      </div>
      {chosen.length > 0 && (
        <button type="button" class="plain" onClick={() => onChange([])}>
          Any
        </button>
      )}
    </fieldset>
  );
}
