// The conversation itself. New messages are read aloud once; the history never is.
import { html, useLayoutEffect, useRef, useState } from "./html.js";
import { say } from "./labels.js";
import { Happening, Message, Unsent } from "./message.js";
import { outboxOf } from "./outbox.js";
import { nameOf, whoTypes } from "./people.js";
import { preferences } from "./preferences.js";
import { day } from "./times.js";

const NEAR_END = 60;

/** Messages and what happened between them, in order. */
export function woven(messages, handling = []) {
  const rows = [
    ...messages.map((message) => ({ at: message.seq, order: 0, key: message.id, message })),
    ...handling.map((row, place) => ({ at: row.seq ?? Infinity, order: 1, key: `h${row.id ?? place}`, row })),
  ];
  return rows.sort((a, b) => a.at - b.at || a.order - b.order);
}

export function Transcript({ item, detail }) {
  const box = useRef(null);
  const atEnd = useRef(true);
  const [below, setBelow] = useState(false);
  const { messages = [], handling = [], state } = detail;
  const unsent = outboxOf(item.id).filter(({ id }) => !messages.some((message) => message.id === id));
  const count = messages.length + unsent.length;
  const typing = whoTypes(item);

  const toEnd = () => {
    // The last word of a change of size comes when the box has gone already.
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (atEnd.current || unsent.at(-1)?.state === "sending") toEnd();
    else setBelow(true);
  }, [count]);
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
  }, [typing]);
  useLayoutEffect(() => {
    const follow = new ResizeObserver(() => atEnd.current && toEnd());
    follow.observe(box.current);
    return () => follow.disconnect();
  }, []);
  // The browser tells of scrolling a moment later: by then this box may have left the page.
  const scrolled = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (atEnd.current) setBelow(false);
  };
  return html`
    <div class="middle">
      <div class="log" role="log" tabindex="0" ref=${box} onScroll=${scrolled}
        aria-live=${preferences.value.readAloud ? "polite" : "off"} aria-relevant="additions"
        aria-busy=${String(state === "loading")} aria-label=${say("log", { name: nameOf(item) })}>
        ${state === "loading" && html`<p class="soft">${say("logBusy")}</p>`}
        <ol>
          ${withDays(woven(messages, handling), item)}
          ${unsent.map((entry) => html`<${Unsent} key=${entry.id} entry=${entry} />`)}
        </ol>
        <p class="typing soft">${typing}</p>
      </div>
      ${below && html`<button type="button" class="more small" onClick=${toEnd}>${say("newBelow")}</button>`}
    </div>
  `;
}

function withDays(rows, item) {
  let last = "";
  return rows.flatMap(({ key, message, row }) => {
    const at = message?.created_at ?? row.at;
    const today = day(at);
    const line = today === last ? [] : [html`<li key=${`d${today}`} class="day"><span>${today}</span></li>`];
    last = today;
    const shown = message
      ? html`<${Message} key=${key} message=${message} item=${item} />`
      : html`<${Happening} key=${key} row=${row} />`;
    return [...line, shown];
  });
}
