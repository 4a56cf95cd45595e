// The sheet of all shortcuts, where each can be changed or turned off.
import { html, useState } from "./html.js";
import { label } from "./actions.js";
import { Dialog } from "./dialog.js";
import { say } from "./labels.js";
import { prefer, preferences } from "./preferences.js";
import { DEFAULTS, actionOf, bind, bindAnew, bound, chordOf, shown } from "./shortcuts.js";

const BARE = ["Alt", "Control", "Shift", "Meta", "AltGraph"];

export function ShortcutsDialog() {
  const [changing, setChanging] = useState(null);
  const [told, setTold] = useState("");
  const record = (action) => (event) => {
    if (changing !== action || BARE.includes(event.key) || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setChanging(null);
    const chord = chordOf(event);
    const taken = chord && actionOf(chord);
    if (!chord || /^[\p{L}\p{N} ]$/u.test(chord)) return setTold(say("keysNeedMore"));
    if (taken && taken !== action) return setTold(say("keysTaken", { name: label(taken) }));
    bind(action, [chord]);
    setChanging(null);
    setTold(say("keysSet", { name: label(action), keys: shown(chord) }));
  };
  const change = (action) => {
    setChanging(action);
    setTold(say("pressKeys"));
  };
  return html`
    <${Dialog} title=${say("shortcutsTitle")} foot=${say("shortcutsHint")} wide>
      <label class="check">
        <input type="checkbox" checked=${preferences.value.shortcuts}
          onChange=${(event) => prefer({ shortcuts: event.currentTarget.checked })} />
        <span>${say("shortcutsOn")}</span>
      </label>
      <p class="told" role="status">${told}</p>
      <table class="keys">
        <thead><tr><th scope="col">${say("action")}</th><th scope="col">${say("keys")}</th><td></td></tr></thead>
        <tbody>
          ${Object.keys(DEFAULTS).map((action) => html`
            <tr key=${action} data-action=${action}>
              <th scope="row">${label(action)}</th>
              <td>${keyCaps(action)}</td>
              <td class="tools">
                <button type="button" class="small" aria-label=${say("changeNamed", { name: label(action) })}
                  aria-pressed=${String(changing === action)} onClick=${() => change(action)}
                  onKeyDown=${record(action)} onBlur=${() => changing === action && setChanging(null)}>
                  ${say("change")}
                </button>
                <button type="button" class="small" disabled=${!bound(action).length}
                  aria-label=${say("turnOffNamed", { name: label(action) })} onClick=${() => bind(action, [])}>
                  ${say("turnOff")}
                </button>
              </td>
            </tr>`)}
        </tbody>
      </table>
      <p><button type="button" onClick=${bindAnew}>${say("defaults")}</button></p>
    <//>
  `;
}

function keyCaps(action) {
  const chords = bound(action);
  if (!chords.length) return html`<span class="soft">${say("off")}</span>`;
  return chords.map((chord, place) => html`${place > 0 && html` <span class="soft">${say("or")}</span> `}<kbd>${shown(chord)}</kbd>`);
}
