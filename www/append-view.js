// Appending an entry to the selected project.

import { byId, element, markField } from "./element.js";
import { explain } from "./format.js";

const STATUSES = {
  info: "ℹ️ info",
  success: "✅ success",
  warn: "⚠️ warning",
  error: "❌ error",
  bug: "🐞 bug",
  plan: "🧭 plan",
};

/**
 * @param {import("./scribe-store/index.js").ScribeStore} store
 * @param {() => import("./scribe-store/index.js").Project} selected The project to append to.
 * @param {(entry: import("./scribe-store/index.js").Entry) => Promise<void>} onAppended
 */
export function createAppendForm(store, selected, onAppended) {
  const form = byId("append-form");
  const message = byId("append-message");
  const status = byId("append-status");
  const agent = byId("append-agent");
  const meta = byId("append-meta");
  const done = byId("append-message-done");
  status.append(...Object.entries(STATUSES).map(([value, name]) => element("option", { value }, name)));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    done.replaceChildren();
    done.className = "";
    const read = readMeta(meta.value);
    markField(
      message,
      byId("append-message-problem"),
      message.value === "" ? "An entry needs a message." : "",
    );
    markField(meta, byId("append-meta-problem"), read.problem ?? "");
    const wrong = [message, meta].find((field) => field.hasAttribute("aria-invalid"));
    if (wrong) return wrong.focus();
    try {
      const entry = await store.appendEntry({
        project: selected(),
        message: message.value,
        status: status.value,
        agent: agent.value || null,
        meta: read.meta,
      });
      // Agent and status stay: the next entry often has the same.
      message.value = meta.value = "";
      await onAppended(entry);
      done.replaceChildren(`Appended as entry ${entry.seq}.`);
    } catch (error) {
      done.className = "problem";
      done.replaceChildren(explain(error));
    }
  });

  return {
    /** Offers agents that are known already. */
    offerAgents(agents) {
      byId("known-agents").replaceChildren(...agents.map((value) => element("option", { value })));
    },
    /** Forgets what was said about another project. */
    clear() {
      done.replaceChildren();
    },
  };
}

function readMeta(text) {
  if (text.trim() === "") return { meta: null };
  try {
    const meta = JSON.parse(text);
    if (typeof meta === "object" && meta !== null && !Array.isArray(meta)) return { meta };
    return { problem: 'Metadata must be a JSON object, such as { "phase": "tests" }.' };
  } catch (error) {
    return { problem: `This is not JSON: ${error.message}` };
  }
}
