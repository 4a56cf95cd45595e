// Says new messages to a screen reader: plain words, each once, never the history.
import { make } from "./dom.js";

const KEPT = 8_000;

export class Announcer {
  constructor() {
    this.element = make("div", { class: "sr", "aria-live": "polite", "aria-relevant": "additions", "data-announcer": true });
  }

  /** Say a text. It leaves the page again, so that nobody comes upon it twice. */
  tell(text) {
    const line = make("p", { dir: "auto" }, text);
    this.element.append(line);
    setTimeout(() => line.remove(), KEPT);
  }
}
