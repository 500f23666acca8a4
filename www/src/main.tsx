// Opens the store and shows the explorer.

import { render } from "preact";
import { openStore } from "scribe-store";
import { AppContext, createApp } from "./app/context.ts";
import { Explorer } from "./app/explorer.tsx";
import { listenForShortcuts } from "./app/shortcuts.ts";
import { workOffline } from "./offline/register.ts";
import { Opening, OpeningFailed } from "./projects/opening.tsx";

const place = document.getElementById("app") as HTMLElement;

async function start(): Promise<void> {
  render(<Opening />, place);
  try {
    const app = createApp(await openStore());
    void app.refresh();
    listenForShortcuts();
    render(
      <AppContext.Provider value={app}>
        <Explorer />
      </AppContext.Provider>,
      place,
    );
  } catch (error) {
    render(<OpeningFailed error={error} onRetry={() => void start()} />, place);
  }
}

void start();
workOffline();
