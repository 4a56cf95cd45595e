// What each likes to have their way. Everything that makes a noise is off at first.
import { effect, html, signal } from "./html.js";
import { say } from "./labels.js";
import { Dialog } from "./dialog.js";
import { keysOf } from "./shortcuts.js";

// The page Settings keeps some of them too, under the same name.
const KEY = "plainly-desk-choices";
const DEFAULTS = {
  sound: false,
  notifications: false,
  enterSends: true,
  shortcuts: true,
  readAloud: true,
  hold: 0,
  theme: "system",
};

export const preferences = signal(kept());

function kept() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return DEFAULTS;
  }
}

export function prefer(change) {
  preferences.value = { ...preferences.value, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.value));
  } catch {
    // Then they hold until this page is closed.
  }
}

addEventListener("storage", ({ key }) => {
  if (key === KEY) preferences.value = kept();
});

effect(() => {
  const { theme } = preferences.value;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
});

const denied = signal(false);

/** Notifications need the browser's consent as well, which must be asked for in answer to a press. */
async function wantNotifications(on) {
  if (!on) return prefer({ notifications: false });
  const answer = "Notification" in globalThis ? await Notification.requestPermission() : "denied";
  prefer({ notifications: answer === "granted" });
  denied.value = answer !== "granted";
}

export function PreferencesDialog() {
  const now = preferences.value;
  const check = (name, words, onChange = (on) => prefer({ [name]: on })) => html`
    <label class="check">
      <input type="checkbox" checked=${now[name]} onChange=${(event) => onChange(event.currentTarget.checked)} />
      <span>${words}</span>
    </label>
  `;
  const themes = ["system", "light", "dark"];
  return html`
    <${Dialog} title=${say("preferencesTitle")} foot=${say("preferencesHint")}>
      ${check("sound", say("prefSound"))}
      ${check("notifications", say("prefNotify"), wantNotifications)}
      ${denied.value && html`<p class="problem" role="status">${say("prefNotifyDenied")}</p>`}
      ${check("readAloud", say("prefRead"))}
      ${check("enterSends", say("prefEnter", { send: keysOf("send") }))}
      <label class="field">
        <span>${say("prefHold")}</span>
        <select onChange=${(event) => prefer({ hold: Number(event.currentTarget.value) })}>
          ${[0, 3, 5, 10].map((count) => html`
            <option value=${count} selected=${now.hold === count}>
              ${count ? say("prefHoldSeconds", { count }) : say("prefHoldOff")}
            </option>`)}
        </select>
      </label>
      <label class="field">
        <span>${say("prefTheme")}</span>
        <select onChange=${(event) => prefer({ theme: event.currentTarget.value })}>
          ${themes.map((one) => html`<option value=${one} selected=${now.theme === one}>${say(`theme_${one}`)}</option>`)}
        </select>
      </label>
    <//>
  `;
}
