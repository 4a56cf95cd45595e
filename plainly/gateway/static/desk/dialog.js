// Native dialogs: the browser keeps the focus inside, closes on Escape and gives the focus back.
import { html, useId, useLayoutEffect, useRef } from "./html.js";
import { say } from "./labels.js";
import { dialog } from "./state.js";

export const open = (name, given = {}) => {
  dialog.value = { name, ...given };
};

export const close = () => {
  dialog.value = null;
};

/** A dialog with a title. With `submit`, a form with buttons to go through with it or not. */
export function Dialog({ title, children, foot, submit, submitLabel, wide, tone, cancelLabel, problem, busy }) {
  const box = useRef(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = box.current;
    shown.showModal();
    (shown.querySelector("[data-first]") ?? shown.querySelector("input, select, textarea, button:not(.shut)"))?.focus();
    return () => shown.close();
  }, []);
  const send = (event) => {
    event.preventDefault();
    if (!busy) submit?.();
  };
  return html`
    <dialog ref=${box} class=${wide ? "wide" : ""} aria-labelledby=${id} onCancel=${(event) => {
      event.preventDefault();
      close();
    }}>
      <form onSubmit=${send} novalidate>
        <header>
          <h2 id=${id}>${title}</h2>
          <button type="button" class="shut icon" aria-label=${say("close")} onClick=${close}>✕</button>
        </header>
        <div class="body">${children}</div>
        <p class="problem" role="alert">${problem}</p>
        <footer>
          ${foot && html`<p class="soft">${foot}</p>`}
          ${submit
            ? html`
                <button type="button" onClick=${close}>${cancelLabel ?? say("cancel")}</button>
                <button type="submit" class=${tone === "bad" ? "bad" : "main"} aria-disabled=${String(Boolean(busy))}>${submitLabel}</button>
              `
            : html`<button type="button" class="main" onClick=${close}>${say("done")}</button>`}
        </footer>
      </form>
    </dialog>
  `;
}
