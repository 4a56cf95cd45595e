// The console: puts the parts on the page and starts it.
import { run } from "./actions.js";
import { Announcements } from "./alerts.js";
import { Conversation } from "./conversation.js";
import { DiscardDialog, Suggestions } from "./suggestions.js";
import { Discretion } from "./discretion.js";
import { FactDialog } from "./facts.js";
import { PaletteDialog } from "./palette.js";
import { PreferencesDialog } from "./preferences.js";
import { Queue } from "./queue.js";
import { ResolveDialog, SnoozeDialog, TransferDialog, WarningDialog } from "./deciding.js";
import { SavedDialog } from "./saved.js";
import { ShortcutsDialog } from "./sheet.js";
import { TopBar } from "./topbar.js";
import { open } from "./dialog.js";
import { comeBack, openFromAddress, signIn, socket } from "./desk.js";
import { draftChanged, dropOldDrafts } from "./drafts.js";
import { effect, html, render, useEffect } from "./html.js";
import { listen, loadShortcuts } from "./shortcuts.js";
import { onChange, openShelf } from "./shelf.js";
import { startOutbox, warned } from "./outbox.js";
import { connection, detail, dialog, item, me, notice, pane, warning } from "./state.js";
import { say } from "./labels.js";

const DIALOGS = {
  discard: DiscardDialog,
  fact: FactDialog,
  palette: PaletteDialog,
  preferences: PreferencesDialog,
  resolve: ResolveDialog,
  saved: SavedDialog,
  shortcuts: ShortcutsDialog,
  snooze: SnoozeDialog,
  transfer: TransferDialog,
  warning: WarningDialog,
};
const PANES = { list: "paneList", talk: "paneTalk", help: "paneHelp" };
const TOLD = 6_000;

function Desk() {
  const shown = dialog.value;
  const Shown = shown && DIALOGS[shown.name];
  return html`
    <${TopBar} />
    <${ConnectionBar} />
    <${WarningBar} />
    <nav class="panes" aria-label=${say("panes")}>
      ${Object.entries(PANES).map(([name, words]) => html`
        <button type="button" key=${name} aria-pressed=${String(pane.value === name)} onClick=${() => (pane.value = name)}>${say(words)}</button>`)}
    </nav>
    <main id="main" class="panes-of" data-pane=${pane.value} tabindex="-1">
      <${Queue} />
      <${Conversation} />
      <aside class="help" aria-label=${say("paneHelpLong")} id="help"><${Help} /></aside>
    </main>
    <${Notice} />
    <${Announcements} />
    ${Shown && html`<${Shown} key=${shown.name} given=${shown} detail=${detail.value} />`}
  `;
}

function Help() {
  const [one, inside] = [item.value, detail.value];
  if (!one || !inside || inside.state === "failed") return html`<p class="soft empty">${say("nothingOpen")}</p>`;
  return html`
    <${Suggestions} key=${`s${one.id}`} item=${one} detail=${inside} />
    <${Discretion} key=${`d${one.id}`} item=${one} detail=${inside} />
  `;
}

function ConnectionBar() {
  const state = connection.value;
  if (state === "live" || (state === "connecting" && !me.value)) return null;
  const here = encodeURIComponent("/desk");
  return html`
    <section class=${`connection ${state}`} aria-label=${say("connectionLabel")}>
      <p>${say(state === "connecting" ? "connecting" : state)}</p>
      ${state === "lost" && html`<button type="button" class="small" onClick=${() => socket.kick()}>${say("tryNow")}</button>`}
      ${state === "ended" && html`<a class="button" href=${`/desk/sign-in?next=${here}`} target="_blank" rel="noopener">${say("signInAgain")}</a>`}
    </section>
  `;
}

/** It stays until the folder is mended; a live region is there before its words, or they are not read out. */
function WarningBar() {
  return html`<div role="status">${warning.value && html`<p class="connection ended"><bdi>${warning.value}</bdi></p>`}</div>`;
}

/** One short sentence that goes away by itself; it is told again in the place it is about. */
function Notice() {
  const now = notice.value;
  useEffect(() => {
    const timer = setTimeout(() => now === notice.value && (notice.value = null), TOLD);
    return () => clearTimeout(timer);
  }, [now?.key]);
  return html`<div class="notice" role="status">${now && html`<p class=${now.tone}><bdi>${now.text}</bdi></p>`}</div>`;
}

effect(() => {
  if (warned.value) open("warning");
});
effect(() => {
  if (dialog.value?.name !== "warning") warned.value = null;
});

async function begin() {
  render(html`<${Desk} />`, document.getElementById("desk"));
  if (!(await signIn())) {
    location.assign("/desk/sign-in?next=/desk");
    return;
  }
  openShelf(me.value.id);
  loadShortcuts();
  dropOldDrafts();
  onChange((name) => name.startsWith("draft:") && draftChanged(name.slice("draft:".length)));
  listen(run);
  addEventListener("hashchange", openFromAddress);
  addEventListener("visibilitychange", comeBack);
  addEventListener("focus", comeBack);
  socket.start();
  startOutbox();
  openFromAddress();
}

begin();

