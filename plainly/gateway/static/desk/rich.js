// Words as they are shown. Ours (the assistant's, the agents') may use the little Markdown of the chat;
// a customer's are text and nothing else.
import { render } from "../widget/markdown.js";
import { html, useLayoutEffect, useRef } from "./html.js";
import { readable } from "./labels.js";

const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text for titles and labels, where a mark of direction could turn our own words round. */
export const tame = (text) => String(text ?? "").replaceAll(TURNS, "");

/** A customer's words. */
export const Plain = ({ text }) => html`<p class="plain" dir="auto">${text}</p>`;

/** Our words, with their lists, bold words and links; links open beside the desk. */
export function Rich({ text }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    box.current.replaceChildren(...render(text, location.origin));
    for (const link of box.current.querySelectorAll("a")) {
      link.target = "_blank";
      link.rel = "noopener";
    }
  }, [text]);
  return html`<div class="rich" ref=${box}></div>`;
}

/** A policy's name at the beginning of a line: "Gift cards". */
export const titled = (policy) => readable(policy).replace(/^./, (letter) => letter.toUpperCase());

/** Links to the clauses an answer rests on. */
export function Sources({ of }) {
  if (!of?.length) return null;
  return html`
    <ul class="sources">
      ${of.map(({ policy, clause }) => html`
        <li key=${`${policy} ${clause}`}>
          <a href=${`/policies/${encodeURIComponent(policy)}#${encodeURIComponent(clause)}`} target="_blank" rel="noopener">
            ${titled(policy)} ${clause}
          </a>
        </li>`)}
    </ul>
  `;
}
