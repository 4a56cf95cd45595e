// The little Markdown answers use: paragraphs, lists, **bold**, *italics*, [links](/policies) and plain addresses.
import { make } from "./dom.js";

const ITEM = /^\s{0,3}(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;
const INLINE =
  /\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])|\[([^\]\n]{1,300})\]\(([^()\s]{1,2000})\)|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'])/s;
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const MOST_DEPTH = 4;

/** The address when a reader may follow it, else null: http, https, mailto, tel, and paths of the site itself. */
export function safeAddress(address, base) {
  if (/^\/(?![/\\])/.test(address) || address.startsWith("#")) return new URL(address, `${base}/`).href;
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Markdown as a list of block elements. Whatever is not Markdown stays text. */
export function render(text, base) {
  const blocks = [];
  for (const part of text.replaceAll("\r", "").split(/\n\s*\n/)) {
    let lines = [];
    let list = null;
    const endLines = () => {
      if (lines.length) blocks.push(make("p", { dir: "auto" }, withBreaks(lines, base)));
      lines = [];
    };
    for (const line of part.split("\n")) {
      const item = ITEM.exec(line);
      if (item) {
        endLines();
        list = intoList(blocks, list ?? blocks.at(-1), item, base);
      } else if (list && /^\s/.test(line) && line.trim()) {
        list.lastChild.append(" ", ...inline(line.trim(), base));
      } else if (line.trim()) {
        list = null;
        lines.push(line.replace(/^#{1,6}\s+/, ""));
      }
    }
    endLines();
  }
  return blocks;
}

function intoList(blocks, last, [, number, words], base) {
  const tag = number ? "OL" : "UL";
  let list = last;
  if (list?.tagName !== tag) {
    list = make(tag, { start: number && number !== "1" ? number : null });
    blocks.push(list);
  }
  list.append(make("li", { dir: "auto" }, inline(words, base)));
  return list;
}

function withBreaks(lines, base) {
  return lines.flatMap((line, place) => [...(place ? [make("br")] : []), ...inline(line, base)]);
}

function inline(text, base, depth = 0) {
  const found = depth < MOST_DEPTH && INLINE.exec(text);
  if (!found) return text ? [text] : [];
  const [whole, bold, italic, label, target, address] = found;
  const after = text.slice(found.index + whole.length);
  const before = text.slice(0, found.index);
  return [...(before ? [before] : []), part(), ...inline(after, base, depth)];

  function part() {
    if (bold) return make("strong", {}, inline(bold, base, depth + 1));
    if (italic) return make("em", {}, inline(italic, base, depth + 1));
    const safe = safeAddress(target ?? address, base);
    return safe ? link(safe, label ? inline(label, base, MOST_DEPTH) : [address]) : whole;
  }
}

/** A link; another site opens in a tab of its own, so that the conversation stays. */
export function link(address, label) {
  const elsewhere = /^https?:/.test(address) && new URL(address).origin !== location.origin;
  return make("a", { href: address, rel: "noopener", target: elsewhere ? "_blank" : null }, label);
}

/** What a screen reader should hear: the words alone. */
export function plain(text, base) {
  return render(text, base)
    .flatMap((block) => (block.tagName === "P" ? [block] : [...block.children]))
    .map((block) => block.textContent.trim())
    .join(" ");
}
