// What the explorer does, and by which keys.

import { Dialog } from "../shared/dialog.tsx";

const KEYS: [title: string, keys: [string[], string][]][] = [
  [
    "Entries",
    [
      [["j", "k"], "next, previous entry; also with the arrows in the list"],
      [["g", "G"], "first, last entry; also Home and End"],
      [["Page Up", "Page Down"], "a screen up, down"],
      [["Enter"], "open the details"],
      [["Esc"], "close the details"],
      [["f"], "follow: keep the newest entries in sight"],
    ],
  ],
  [
    "Search",
    [
      [["/"], "search the messages"],
      [["↓"], "from the search to the list"],
      [["Esc"], "close a filter's panel"],
    ],
  ],
  [
    "Store",
    [
      [["[", "]"], "previous, next project"],
      [["a"], "append an entry"],
      [["n"], "new project"],
      [["i"], "import a file"],
      [["e"], "export"],
      [["?"], "this help"],
    ],
  ],
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys and help" onClose={onClose} wide>
      <p>
        This page shows the progress logs that agents keep with scribe-store in this browser, in every tab of
        this site, as they are written. Nothing leaves the browser. What you look at is in the address: it can
        be bookmarked and shared with whoever has the same log.
      </p>
      <div class="key-columns">
        {KEYS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl class="keys">
              {keys.map(([names, what]) => (
                <div key={what}>
                  <dt>
                    {names.map((name) => (
                      <kbd key={name}>{name}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="quiet">
        Patterns are searched in time linear in the text and know Unicode; look-around and back-references do
        not exist. Drag over the bars to choose a time. Drop a file anywhere to import it.
      </p>
    </Dialog>
  );
}
