// The bar at the top: whether we take conversations, and the ways to everything else.
import { html, names, signal } from "./html.js";
import { setAvailable } from "./desk.js";
import { open } from "./dialog.js";
import { say } from "./labels.js";
import { tame } from "./rich.js";
import { hint } from "./shortcuts.js";
import { me } from "./state.js";

const RANKS = ["agent", "supervisor", "owner"];
const PAGES = [
  ["/desk/reports", "reports", "supervisor"],
  ["/desk/voice", "voice", "supervisor"],
  ["/desk/staff", "staffPages", "owner"],
  ["/desk/settings", "settings", "agent"],
];

/** Where there is little room, the rest of the bar opens by a button. */
const unfolded = signal(false);

export function TopBar() {
  const who = me.value;
  const may = (role) => RANKS.indexOf(who?.role) >= RANKS.indexOf(role);
  return html`
    <header class=${names("bar-top", { unfolded: unfolded.value })} onClick=${closeAfter}>
      <h1>${say("brand")}</h1>
      ${who && html`
        <button type="button" class="switch" role="switch" aria-checked=${String(Boolean(who.available))}
          onClick=${() => setAvailable(!who.available)} ...${hint("available", say("availableHint"))}>
          <span class="dot" aria-hidden="true"></span>${say(who.available ? "available" : "away")}
        </button>
        <button type="button" class="menu" aria-expanded=${String(unfolded.value)} aria-controls="bar-tools bar-pages"
          onClick=${() => (unfolded.value = !unfolded.value)}>${say("menu")}</button>
        <div class="tools" id="bar-tools">
          <button type="button" class="plain" onClick=${() => open("palette")} ...${hint("palette", say("palette"))}>${say("palette")}</button>
          <button type="button" class="plain" onClick=${() => open("saved")} ...${hint("saved", say("savedReplies"))}>${say("savedReplies")}</button>
          <button type="button" class="plain" onClick=${() => open("shortcuts")} ...${hint("shortcuts", say("shortcuts"))}>${say("shortcuts")}</button>
          <button type="button" class="plain" onClick=${() => open("preferences")} ...${hint("preferences", say("preferences"))}>${say("preferences")}</button>
        </div>
        <nav aria-label=${say("account")} id="bar-pages">
          ${PAGES.filter(([, , role]) => may(role)).map(([path, words]) => html`<a key=${path} href=${path}>${say(words)}</a>`)}
          <form method="post" action="/desk/sign-out">
            <input type="hidden" name="csrf" value=${who.csrf} />
            <button type="submit" class="plain" title=${tame(who.name)}>${say("signOut")}</button>
          </form>
          <span class="me soft"><bdi>${tame(who.name)}</bdi></span>
        </nav>`}
    </header>
  `;
}

/** Whoever chose something from the menu is done with it. */
function closeAfter(event) {
  if (event.target.closest(".tools button")) unfolded.value = false;
}
