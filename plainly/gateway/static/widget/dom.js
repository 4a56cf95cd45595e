// Builds elements without ever parsing text as HTML, and says things to a screen reader.

/** An element with attributes and children. Functions named on... listen; false and null leave out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  return svg;
}

const KEPT = 8_000;

/** Says new messages to a screen reader: plain words, each once, never the history. */
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
