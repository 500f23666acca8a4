// All there is to an entry.

import type { ComponentChildren } from "preact";
import type { Entry } from "scribe-store";
import { useApp } from "../app/context.ts";
import { onShortcuts } from "../app/shortcuts.ts";
import { kindOf } from "../entries/kind.ts";
import { KindIcon } from "../entries/kind-icon.tsx";
import { CopyButton } from "../shared/copy-button.tsx";
import { ago, bytes, explain, fullTime, number } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import { Plain } from "../shared/plain.tsx";
import { useAnswer } from "../shared/use-answer.ts";
import { MetaTree } from "./meta-tree.tsx";
import { sha256 } from "./sha256.ts";

/** Longer texts are shown only so far, until all is asked for. */
export const MOST_SHOWN = 20_000;

export function Details({ entryId }: { entryId: string }) {
  const app = useApp();
  const answer = useAnswer(entryId, (signal) => app.store.fetchEntry(entryId, { signal })).value;
  const close = () => {
    app.change({ entry: null }, { replace: true });
    document.getElementById("entries")?.focus();
  };
  onShortcuts({ Escape: close });
  const entry = answer.value;
  return (
    <aside class="details" aria-label="Details of the entry" aria-busy={answer.busy}>
      <div class="details-head">
        <h2>{entry ? `Entry ${number(entry.seq)}` : "Entry"}</h2>
        {entry && <CopyButton text={JSON.stringify(entry, null, 2)} what="the entry as JSON" />}
        <span class="spring" />
        <button
          type="button"
          class="plain icon"
          aria-label="Close the details"
          title="Close (Esc)"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      {answer.error !== null && (
        <p class="notice error" role="alert">
          {explain(answer.error)}
        </p>
      )}
      {entry === null && <p class="notice warning">There is no entry with this identifier any more.</p>}
      {entry && (
        <div class="details-body" tabIndex={0} role="group" aria-label="Fields of the entry">
          <Fields key={entry.entryId} entry={entry} />
        </div>
      )}
    </aside>
  );
}

function Fields({ entry }: { entry: Entry }) {
  const app = useApp();
  const kind = kindOf(entry.emoji);
  return (
    <dl>
      <Field name="Message" text={entry.message}>
        <LongText text={entry.message} class="whole" />
      </Field>
      <Field name="Kind">
        <span class={`kind ${kind.className}`}>
          <KindIcon emoji={entry.emoji} /> {kind.word}
        </span>
      </Field>
      <Field name="Agent" text={entry.agent ?? undefined}>
        {entry.agent === null ? (
          <span class="quiet">none</span>
        ) : (
          <>
            <Plain text={entry.agent} />{" "}
            <button type="button" class="plain" onClick={() => app.change({ agents: [entry.agent ?? ""] })}>
              only this one
            </button>
          </>
        )}
      </Field>
      <Field name="Time" text={entry.ts}>
        {fullTime(entry.ts)} <span class="quiet">{ago(entry.ts)}</span>
      </Field>
      <Field name="Metadata" text={hasMembers(entry.meta) ? JSON.stringify(entry.meta, null, 2) : undefined}>
        {hasMembers(entry.meta) ? (
          <MetaTree
            meta={entry.meta}
            onCondition={(key, value) => app.change({ meta: withMember(app.view.peek().meta, key, value) })}
          />
        ) : (
          <span class="quiet">none</span>
        )}
      </Field>
      <Field name="Raw line" text={entry.rawLine}>
        <LongText text={entry.rawLine} class="raw" />
      </Field>
      <Field name="SHA-256" text={entry.sha256}>
        <HashCheck entry={entry} />
      </Field>
      <Field name="Identifier" text={entry.entryId}>
        <code>
          <Plain text={entry.entryId} />
        </code>
      </Field>
    </dl>
  );
}

function Field({
  name,
  text,
  children,
}: {
  name: string;
  text?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class="field">
      <dt>
        {name}
        {text !== undefined && text !== "" && (
          <CopyButton text={text} what={name === "SHA-256" ? "the hash" : `the ${name.toLowerCase()}`} />
        )}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function LongText({ text, class: name }: { text: string; class: string }) {
  const short = text.length > MOST_SHOWN ? text.slice(0, MOST_SHOWN) : text;
  return (
    <>
      <div class={name}>
        <Plain text={short} />
      </div>
      {short.length < text.length && (
        <p class="quiet">
          The first {number(short.length)} of {number(text.length)} characters; copying takes all,{" "}
          {bytes(text.length)} or more.
        </p>
      )}
    </>
  );
}

/** Says whether the hash is that of the line, as this browser computes it. */
function HashCheck({ entry }: { entry: Entry }) {
  const answer = useAnswer(entry.entryId, () => sha256(entry.rawLine)).value;
  const fits = answer.value === entry.sha256;
  return (
    <>
      <code class="hash">
        <Plain text={entry.sha256.slice(0, 1_000)} />
      </code>
      <p
        class={answer.value === undefined ? "verdict" : fits ? "verdict success" : "verdict error"}
        role="status"
      >
        {answer.error !== null
          ? "This browser cannot compute it here."
          : answer.value === undefined
            ? "Computing …"
            : fits
              ? "✓ Recomputed: it is the hash of the raw line."
              : `✗ Recomputed: the raw line has the hash ${answer.value}.`}
      </p>
    </>
  );
}

function hasMembers(meta: object): boolean {
  return Object.keys(meta).length > 0;
}

/** Also where the key is "__proto__", which an assignment would take for something else. */
function withMember<T>(object: Record<string, T>, key: string, value: T): Record<string, T> {
  return Object.fromEntries([...Object.entries(object), [key, value]]);
}
