// The chat, in one tag:  <script src="https://your-plainly-host/widget.js" defer></script>
// Put <plainly-chat></plainly-chat> where you like, or let this add it. On any element of the page,
// data-plainly-open opens the chat, and data-plainly-ask="Can I return this?" asks that question.
(() => {
  if (globalThis.plainlyChat) return;
  // A module script has no currentScript; then the tag is looked up.
  const tag = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const loaded = import(new URL("static/widget/element.js", tag?.src || document.baseURI).href);
  loaded.catch((problem) => console.error("Plainly: the chat could not be loaded.", problem));

  async function chat() {
    await loaded;
    let element = document.querySelector("plainly-chat");
    if (!element) {
      element = document.createElement("plainly-chat");
      document.body.append(element);
    }
    return element;
  }

  async function onClick(event) {
    const from = event.target instanceof Element && event.target.closest("[data-plainly-open], [data-plainly-ask]");
    if (!from) return;
    event.preventDefault();
    const element = await chat();
    element.open({ from });
    if (from.dataset.plainlyAsk) element.ask(from.dataset.plainlyAsk);
  }

  globalThis.plainlyChat = Object.freeze({
    open: async () => (await chat()).open(),
    ask: async (text) => (await chat()).ask(text),
  });
  document.addEventListener("click", onClick);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", chat, { once: true });
  else chat();
})();
