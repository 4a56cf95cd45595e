// The left side: who waits, who is mine, and everything else that can be looked up.
import { html, names, useEffect, useRef } from "./html.js";
import { isUnread } from "./alerts.js";
import { look, select } from "./desk.js";
import { hasDraft } from "./drafts.js";
import { say, sayOne } from "./labels.js";
import { Name, Vouched, ownerOf, whoTypes } from "./people.js";
import { tame, titled } from "./rich.js";
import { FETCHED, VIEWS, found, isMine, listed, ofView, query, selected, view } from "./state.js";
import { when } from "./times.js";

const PAUSE = 250;
const COUNTED = ["queue", "mine"];
const AGAIN = 10_000;

const viewName = (name) => say(`view${name[0].toUpperCase()}${name.slice(1)}`);

/** Show a view; what the live connection does not tell is fetched. */
export function showView(name) {
  view.value = name;
  query.value = "";
  look();
}

let timer = 0;

function search(words) {
  query.value = words;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

export function Queue() {
  const all = listed.value;
  const { state } = found.value;
  const words = query.value.trim();
  useEffect(() => {
    if (!FETCHED.includes(view.value)) return undefined;
    const timer = setInterval(() => document.hidden || look(), AGAIN);
    return () => clearInterval(timer);
  }, [view.value]);
  return html`
    <section class="list" aria-label=${say("paneListLong")} id="list">
      <div class="finding">
        <label class="sr" for="search">${say("search")}</label>
        <input id="search" type="search" placeholder=${say("searchHint")} value=${query.value} autocomplete="off"
          onInput=${(event) => search(event.currentTarget.value)}
          onKeyDown=${(event) => event.key === "Escape" && query.value && (event.preventDefault(), search(""))} />
        <div class="views" role="group" aria-label=${say("views")}>
          ${VIEWS.map((name) => html`
            <button type="button" key=${name} aria-pressed=${String(!words && view.value === name)} onClick=${() => showView(name)}>
              ${COUNTED.includes(name) ? say("viewCount", { view: viewName(name), count: ofView(name).length }) : viewName(name)}
            </button>`)}
        </div>
        <p class="sr" role="status">${words && state === "ready" ? say("found", { count: all.length }) : ""}</p>
      </div>
      <${Lines} all=${all} label=${words ? say("listFound", { query: words }) : say("listLabel", { view: viewName(view.value) })} />
      ${state === "failed" && html`
        <p class="problem">${say("listFailed")} <button type="button" class="small" onClick=${look}>${say("again")}</button></p>`}
      ${all.length === 0 && state !== "failed" && html`
        <p class="empty soft">${state === "loading" ? say("loading") : words ? say("emptySearch", { query: words }) : say(`empty${view.value[0].toUpperCase()}${view.value.slice(1)}`)}</p>`}
    </section>
  `;
}

/** One stop for Tab; arrows go through the list. */
function Lines({ all, label }) {
  const box = useRef(null);
  const stop = all.find(({ id }) => id === selected.value)?.id ?? all[0]?.id;
  const step = (event) => {
    const links = [...box.current.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey || !links[to]) return;
    event.preventDefault();
    links[to].focus();
  };
  useEffect(() => {
    box.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [selected.value]);
  return html`
    <ul class="lines" aria-label=${label} ref=${box} onKeyDown=${step}>
      ${all.map((one) => html`<${Line} key=${one.id} item=${one} isStop=${one.id === stop} />`)}
    </ul>
  `;
}

function Line({ item, isStop }) {
  const unread = isUnread(item);
  const current = item.id === selected.value;
  const open = (event) => {
    event.preventDefault();
    select(item.id, { focus: isMine(item) ? ["#reply", "#talk-title"] : "#talk-title" });
  };
  const typing = whoTypes(item);
  return html`
    <li class=${names("line", { unread, current })}>
      <a href=${`#${item.id}`} aria-current=${current ? "true" : undefined} tabindex=${isStop ? 0 : -1} onClick=${open}>
        <span class="first">
          <strong class="who"><${Name} of=${item} /></strong>
          ${unread && html`<span class="tag accent">${say("unread")}</span>`}
          ${hasDraft(item.id) && html`<span class="tag">${say("draft")}</span>`}
          <${Wait} item=${item} />
        </span>
        <span class="what"><bdi>${tame(item.wants) || tame(item.last?.text)}</bdi></span>
        <span class="small soft why">
          ${item.reason && html`<span>${sayOne("reason", item.reason)}</span>`}
          ${item.policy && html`<span>${titled(item.policy)}</span>`}
          ${item.tone && item.tone !== "calm" && html`<span class=${`tag tone-${item.tone}`}>${sayOne("tone", item.tone)}</span>`}
          ${item.team && html`<span>${say("aTeam", { team: item.team })}</span>`}
          ${!isMine(item) && item.owner !== "queue" && html`<span><bdi>${tame(ownerOf(item))}</bdi></span>`}
          ${!item.customer?.verified && html`<${Vouched} of=${item} />`}
        </span>
        ${typing && html`<span class="small typing"><bdi>${tame(typing)}</bdi></span>`}
      </a>
    </li>
  `;
}

/** How long, against what was promised; lateness in words, not in colour alone. */
export function Wait({ item }) {
  if (item.snoozed_until) return html`<span class="wait soft">${say("snoozedUntil", { when: when(item.snoozed_until) })}</span>`;
  if (item.owner === "closed" || item.owner === "bot" || item.waited_minutes == null) return null;
  const minutes = Math.floor(item.waited_minutes);
  const words = item.promise_minutes ? say("waitsOf", { minutes, promise: item.promise_minutes }) : say("waits", { minutes });
  return html`
    <span class=${names("wait", item.late)}>
      <span aria-hidden="true">${words}</span><span class="sr">${say("waitsLong", { count: minutes })}</span>
      ${item.late && item.late !== "no" && html` <span class=${names("tag", item.late === "late" ? "bad" : "warm")}>${say(item.late === "late" ? "lateLate" : "lateSoon")}</span>`}
    </span>
  `;
}
