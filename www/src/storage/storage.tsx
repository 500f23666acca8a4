// How much is stored, how much may be, and whether the browser promises to keep it.

import { useSignal } from "@preact/signals";
import { useApp } from "../app/context.ts";
import { plainView, writeView } from "../app/view.ts";
import { bytes, entries, explain } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { useAnswer } from "../shared/use-answer.ts";

export function Storage() {
  const app = useApp();
  const revision = useSignal(0);
  const asking = useSignal(false);
  const projects = app.projects.value ?? [];
  const all = projects.reduce((sum, { metrics }) => sum + metrics.totalEntries, 0);
  const answer = useAnswer(`${revision.value} ${all}`, () => app.store.storage()).value;
  const state = answer.value;
  const persist = async () => {
    asking.value = true;
    try {
      const granted = await app.store.requestPersistence();
      app.notify(
        granted ? "success" : "warning",
        granted
          ? "The browser will keep this store until you delete it."
          : "The browser did not promise it. It decides by how the site is used; a bookmark or an installed page helps.",
      );
    } catch (error) {
      app.notify("error", explain(error));
    }
    asking.value = false;
    revision.value += 1;
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Storage</h1>
        <button
          type="button"
          onClick={() => {
            app.dialog.value = "export";
          }}
        >
          Back up the whole store …
        </button>
      </header>
      {answer.error !== null && (
        <p class="notice error" role="alert">
          {explain(answer.error)}
        </p>
      )}
      {state && (
        <dl class="tiles">
          <div data-tile="bytes">
            <dt>This store</dt>
            <dd>{bytes(state.bytes)}</dd>
            <dd class="quiet">
              {entries(all)}
              {all > 0 && `, ${bytes(state.bytes / all)} each`}
            </dd>
          </div>
          <div data-tile="usage">
            <dt>All of this site</dt>
            <dd>{state.usage === null ? "unknown" : bytes(state.usage)}</dd>
            <dd class="quiet">
              {state.quota === null
                ? "the browser does not tell the limit"
                : `of ${bytes(state.quota)} that it may use`}
            </dd>
            {state.usage !== null && state.quota !== null && (
              <dd>
                <meter
                  aria-label="Used of what the site may use"
                  min={0}
                  max={state.quota}
                  high={state.quota * 0.8}
                  value={state.usage}
                />
              </dd>
            )}
          </div>
          <div data-tile="persistent">
            <dt>Kept</dt>
            <dd>
              {state.persistent === true
                ? "until you delete it"
                : state.persistent === false
                  ? "while there is space"
                  : "unknown"}
            </dd>
            <dd class="quiet">
              {state.persistent === true
                ? "The browser promises not to clear it by itself."
                : "The browser may clear it when the disk is full."}
            </dd>
            {state.persistent === false && (
              <dd>
                <button type="button" disabled={asking.value} onClick={persist}>
                  Ask the browser to keep it
                </button>
              </dd>
            )}
          </div>
        </dl>
      )}
      <h2>Projects</h2>
      {projects.length === 0 ? (
        <p class="quiet">None.</p>
      ) : (
        <section class="sheet" tabIndex={0} aria-label="Projects">
          <table>
            <thead>
              <tr>
                <th scope="col">Project</th>
                <th scope="col" class="figure">
                  Entries
                </th>
                <th scope="col">
                  <span class="unseen">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {projects.map(({ project, metrics }) => (
                <tr key={project.id}>
                  <th scope="row">
                    <a href={writeView(plainView(project.name))}>
                      <Plain text={project.name} />
                    </a>
                  </th>
                  <td class="figure">{metrics.totalEntries.toLocaleString("en")}</td>
                  <td>
                    <a href={writeView(plainView(project.name, { room: "integrity" }))}>verify or prune</a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
