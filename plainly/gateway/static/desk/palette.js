// The command palette: type a few letters, and do it or go there.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { commands } from "./actions.js";
import { select } from "./desk.js";
import { close } from "./dialog.js";
import { say } from "./labels.js";
import { nameOf } from "./people.js";
import { tame } from "./rich.js";
import { keysOf } from "./shortcuts.js";
import { items } from "./state.js";

const MOST = 12;

/** Everything that can be chosen, commands first. */
function choices() {
  const talks = [...items.value.values()].map((one) => ({
    name: `open:${one.id}`,
    words: say("paletteOpen", { name: nameOf(one) }),
    more: tame(one.wants || one.last?.text),
    run: () => select(one.id, { focus: ["#reply", "#talk-title"] }),
  }));
  return [...commands(), ...talks];
}

/** Those in which every word occurs, at the start of a word first. */
export function fitting(all, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const score = ({ words: text, more = "" }) => {
    const whole = `${text} ${more}`.toLowerCase();
    if (!words.every((word) => whole.includes(word))) return 0;
    return words.every((word) => ` ${text.toLowerCase()}`.includes(` ${word}`)) ? 2 : 1;
  };
  const scored = all.map((one) => ({ one, score: score(one) })).filter((found) => found.score);
  return scored.sort((a, b) => b.score - a.score).slice(0, MOST).map(({ one }) => one);
}

export function PaletteDialog() {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef(null);
  const fits = fitting(choices(), typed);
  useLayoutEffect(() => {
    box.current.showModal();
    return () => box.current?.close();
  }, []);
  useEffect(() => {
    box.current.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const pick = (one) => {
    close();
    // After the dialog has given the focus back.
    if (one) requestAnimationFrame(one.run);
  };
  const pressed = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && fits.length) setAt((at + by + fits.length) % fits.length);
    else if (event.key === "Enter") pick(fits[at]);
    else return;
    event.preventDefault();
  };
  return html`
    <dialog class="palette" ref=${box} aria-label=${say("paletteTitle")} onCancel=${(event) => { event.preventDefault(); close(); }}>
      <input role="combobox" aria-label=${say("paletteLabel")} placeholder=${say("paletteLabel")} aria-expanded="true"
        aria-controls="palette-list" aria-autocomplete="list" aria-activedescendant=${fits.length ? `palette-${at}` : undefined}
        autocomplete="off" value=${typed} onKeyDown=${pressed}
        onInput=${(event) => { setTyped(event.currentTarget.value); setAt(0); }} />
      <p class="sr" role="status">${fits.length ? say("paletteCount", { count: fits.length }) : say("paletteNone")}</p>
      <ul role="listbox" id="palette-list" aria-label=${say("paletteTitle")}>
        ${fits.map((one, place) => html`
          <li role="option" key=${one.name} id=${`palette-${place}`} aria-selected=${String(place === at)} onClick=${() => pick(one)}>
            <bdi>${one.words}</bdi> ${one.more && html`<span class="soft small"><bdi>${one.more}</bdi></span>`}
            ${keysOf(one.name) && html`<kbd>${keysOf(one.name)}</kbd>`}
          </li>`)}
      </ul>
      ${fits.length === 0 && html`<p class="soft empty" aria-hidden="true">${say("paletteNone")}</p>`}
    </dialog>
  `;
}
