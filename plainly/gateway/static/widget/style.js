// The look. Colours follow the page's --plainly-... properties, then the reader's light or dark.

const CSS = `
:host {
  color-scheme: light dark;
  --paper: var(--plainly-paper, light-dark(#fbf9f5, #16191b));
  --card: var(--plainly-card, light-dark(#ffffff, #23292c));
  --ink: var(--plainly-ink, light-dark(#22262a, #ebe8e2));
  --soft: var(--plainly-soft, light-dark(#565c64, #b2b8bd));
  --line: var(--plainly-line, light-dark(#ddd6ca, #3b4246));
  --accent: var(--plainly-accent, light-dark(#1d5b4f, #8fd0bd));
  --on-accent: var(--plainly-on-accent, light-dark(#ffffff, #10201c));
  --wash: var(--plainly-wash, light-dark(#e9f1ec, #1f302b));
  --bad: light-dark(#9b2c1d, #ffb4a5);
  --round: var(--plainly-round, 16px);
}
:host([data-theme="light"]) { color-scheme: light; }
:host([data-theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
.root {
  font: 400 1rem/1.5 var(--plainly-font, system-ui, sans-serif);
  color: var(--ink); text-align: start; letter-spacing: normal; -webkit-text-size-adjust: 100%;
}
*, ::before { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2, h3, ol, ul, dl, dd { margin: 0; padding: 0; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; touch-action: manipulation; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; inset-block-end: max(1rem, env(safe-area-inset-bottom)); inset-inline-end: 1rem; z-index: 2147483000;
  display: flex; align-items: center; gap: 0.5rem; min-height: 56px; min-width: 56px; padding: 0 1.25rem 0 1rem;
  border: 2px solid var(--paper); border-radius: 999px; background: var(--accent); color: var(--on-accent);
  font-weight: 600; box-shadow: 0 4px 18px rgb(0 0 0 / 0.25);
}
:host(.open) .launcher { visibility: hidden; }
.badge {
  position: absolute; inset-block-start: -6px; inset-inline-end: -2px; min-width: 24px; padding: 0 6px; border-radius: 999px;
  background: #b3261e; color: #fff; border: 2px solid var(--paper); font-size: 0.8125rem; line-height: 1.35rem; text-align: center;
}

.panel {
  position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483001;
  display: flex; flex-direction: column; width: min(25rem, calc(100vw - 2rem)); height: min(42rem, calc(var(--room, 100dvh) - 2rem));
  background: var(--paper); border: 1px solid var(--line); border-radius: var(--round); overflow: hidden;
  box-shadow: 0 12px 48px rgb(0 0 0 / 0.25);
}
.head {
  display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.5rem; padding: 0.5rem 0.5rem 0.5rem 1rem;
  border-block-end: 1px solid var(--line); background: var(--card);
}
h2 { flex: 1 1 6rem; font-size: 1.0625rem; line-height: 1.3; overflow-wrap: anywhere; }
.person, .quiet, .retry, .more { min-height: 44px; border: 1px solid var(--accent); border-radius: 999px; background: none; color: var(--accent); }
.person { padding: 0 0.75rem; font-size: 0.875rem; font-weight: 600; }
.person[aria-disabled="true"] { border-color: transparent; color: var(--soft); font-weight: 400; cursor: default; }
.close { display: grid; place-items: center; width: 44px; height: 44px; border: 0; border-radius: 50%; background: none; }

.middle { position: relative; flex: 1; min-height: 0; display: flex; }
.log { flex: 1; min-width: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 1rem; scroll-padding: 1rem; }
.log:focus-visible { outline-offset: -3px; }
ol { list-style: none; display: flex; flex-direction: column; gap: 0.9rem; }
.greeting { margin-block-end: 1rem; font-size: 1.0625rem; }
.message { display: flex; flex-direction: column; align-items: flex-start; gap: 0.4rem; min-width: 0; }
.mine { align-items: flex-end; }
.bubble {
  max-width: 100%; padding: 0.6rem 0.9rem; border: 1px solid var(--line); border-radius: 4px 16px 16px 16px;
  background: var(--card); overflow-wrap: anywhere; min-width: 0;
}
.mine .bubble {
  max-width: 88%; border-color: transparent; border-radius: 16px 4px 16px 16px; background: var(--accent); color: var(--on-accent); white-space: pre-wrap;
}
.mine:not([data-delivery="sent"]) .bubble { border: 1px dashed var(--accent); background: var(--wash); color: var(--ink); }
.agent .bubble { background: var(--wash); }
.system .bubble, .divider { border: 0; background: none; color: var(--soft); font-size: 0.9375rem; text-align: center; align-self: center; }
.divider { padding-block: 0.5rem; border-block: 1px solid var(--line); align-self: stretch; }
.bubble > * + * { margin-block-start: 0.6em; }
.bubble ul, .bubble ol, .clause ul, .clause ol { display: block; list-style: disc; padding-inline-start: 1.25rem; }
.bubble ol, .clause ol { list-style: decimal; }
.bubble li + li { margin-block-start: 0.25em; }
.who, .meta { font-size: 0.8125rem; color: var(--soft); }
.who { font-weight: 600; }
.meta { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.35rem; justify-content: inherit; }
.mine .meta { justify-content: flex-end; }
[data-delivery="failed"] .meta { color: var(--bad); }
.retry { padding: 0 0.9rem; margin-inline-start: 0.25rem; }

.choices { display: flex; flex-wrap: wrap; gap: 0.5rem; max-width: 100%; }
.choice {
  min-height: 44px; max-width: 100%; padding: 0.45rem 1rem; border: 1px solid var(--accent); border-radius: 22px;
  background: var(--card); color: var(--accent); font-weight: 500; text-align: start; line-height: 1.3; overflow-wrap: anywhere;
}
.choice[aria-disabled="true"] { border-color: var(--line); background: var(--wash); color: var(--ink); cursor: default; }
.choice[aria-disabled="true"]::before { content: "\\2713\\00a0" / ""; }
.foot { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0.4rem 0.75rem; width: 100%; }
.sources { display: flex; flex-wrap: wrap; gap: 0.4rem; list-style: none; padding: 0; }
.chip {
  min-height: 44px; padding: 0.2rem 0.8rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  color: var(--ink); font-size: 0.875rem;
}
.chip::before { content: "\\00a7\\00a0" / ""; color: var(--accent); font-weight: 600; }
.chip[aria-expanded="true"] { border-color: var(--accent); background: var(--wash); }
.clause {
  flex-basis: 100%; padding: 0.6rem 0.9rem; border-inline-start: 3px solid var(--accent); background: var(--wash);
  border-radius: 0 10px 10px 0; font-size: 0.9375rem; overflow-wrap: anywhere;
}
.clause > * + * { margin-block-start: 0.4em; }
h3 { font-size: 0.9375rem; }
.clause a, .receipt summary { display: inline-block; min-height: 44px; padding-block: 0.65rem; }
.receipt[open] { flex-basis: 100%; }
.receipt { max-width: 100%; font-size: 0.875rem; color: var(--soft); }
.receipt summary { cursor: pointer; }
.receipt summary::before { content: "\\25b8\\00a0" / ""; }
.receipt[open] summary::before { content: "\\25be\\00a0" / ""; }
.receipt dl { display: grid; gap: 0.25rem; color: var(--ink); padding-block-end: 0.5rem; }
.receipt div { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.5rem; }
.receipt dt { color: var(--soft); }
.receipt dd { overflow-wrap: anywhere; user-select: all; }
.quiet { padding: 0 1rem; margin-inline-end: 0.75rem; }

.typing { margin-block-start: 0.9rem; }
.dots { display: inline-flex; gap: 5px; padding: 0.9rem 1rem; border: 1px solid var(--line); border-radius: 4px 16px 16px 16px; background: var(--card); }
.dots i { width: 8px; height: 8px; border: 4px solid var(--soft); border-radius: 50%; }
@media (prefers-reduced-motion: no-preference) {
  .dots i { animation: wait 1.2s infinite ease-in-out; }
  .dots i:nth-child(2) { animation-delay: 0.15s; }
  .dots i:nth-child(3) { animation-delay: 0.3s; }
  .panel { animation: rise 0.18s ease-out; }
}
@keyframes wait { 30% { transform: translateY(-4px); } 60% { transform: none; } }
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
.plain { min-height: 44px; padding: 0 0.25rem; border: 0; background: var(--card); color: var(--soft); font-size: 0.875rem; text-decoration: underline; }
.rate { margin-block-start: 0.9rem; padding: 0.6rem 0.9rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.rate textarea { display: block; width: 100%; margin-block: 0.5rem; }
fieldset { display: flex; margin: 0 0 0.5rem; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; font-weight: 600; }
fieldset label { display: flex; align-items: center; gap: 0.4rem; min-height: 44px; padding-inline-end: 1rem; text-transform: capitalize; }
.score label { flex: 1 1 0; flex-direction: column; gap: 0; padding: 0; font-size: 0.8125rem; line-height: 1.3; text-align: center; text-transform: none; }
.score input { appearance: none; width: 44px; height: 44px; font-size: 2rem; line-height: 44px; text-align: center; color: var(--accent); }
.score input::before { content: "\\2606" / ""; }
.score :is(label:has(:checked), label:has(~ label :checked)) input::before { content: "\\2605" / ""; }
.more {
  position: absolute; inset-block-end: 0.5rem; inset-inline: 0; margin-inline: auto; width: fit-content; padding: 0 1rem 0 0.75rem;
  display: flex; align-items: center; gap: 0.4rem; background: var(--accent); color: var(--on-accent); font-weight: 600;
}
.more svg { width: 18px; height: 18px; }
.connection:empty, .place:empty, .note:empty { display: none; }
.connection, .place, .note { padding: 0.4rem 1rem; font-size: 0.875rem; color: var(--soft); }
.connection, .place { background: var(--wash); color: var(--ink); border-block-start: 1px solid var(--line); }
.note { padding: 0 0.25rem 0.4rem; }
.note[data-tone="bad"] { color: var(--bad); }

.composer { padding: 0.75rem; padding-block-end: max(0.75rem, env(safe-area-inset-bottom)); border-block-start: 1px solid var(--line); background: var(--card); }
.line { display: flex; align-items: flex-end; gap: 0.5rem; }
textarea {
  flex: 1; min-width: 0; min-height: 46px; max-height: min(10rem, 30vh); padding: 0.6rem 0.9rem; resize: none;
  border: 1px solid var(--soft); border-radius: 14px; background: var(--paper); line-height: 1.45; font-size: max(1rem, 16px);
}
textarea::placeholder { color: var(--soft); opacity: 1; }
textarea:focus-visible { outline-offset: 0; }
.send { display: grid; place-items: center; flex: none; width: 46px; height: 46px; border: 1px solid transparent; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.send[aria-disabled="true"] { background: var(--wash); color: var(--soft); cursor: default; }
.send:dir(rtl) svg { transform: scaleX(-1); }

@media (max-width: 30rem), (max-height: 26rem) {
  .panel { inset: var(--top, 0) 0 auto; width: 100%; height: var(--room, 100dvh); border: 0; border-radius: 0; }
}
@media (max-width: 30rem), (max-height: 30rem) {
  .launcher { padding: 0; justify-content: center; }
  .ask { position: absolute; clip-path: inset(50%); }
}
@media (max-height: 26rem) {
  .save { display: none; }
  .head { padding-block: 0; }
  .composer { padding-block: 0.4rem; }
}
@media (forced-colors: active) {
  .mine .bubble, .badge, .dots i { border-color: CanvasText; }
  .launcher, .send, .more { border-color: ButtonText; }
  [aria-disabled="true"] { color: GrayText; }
}
@media print { .root { display: none; } }
`;

/** Made once: constructed sheets need no exception in a strict content security policy. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
