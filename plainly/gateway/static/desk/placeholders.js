// Gaps in a reply that must be filled in before it goes out. The gateway refuses the same ones.

const GAP =
  /\{\{?[^{}\n]{1,60}\}?\}|\[[^[\]\n]{1,60}\](?!\()|<[A-Za-z][\w .'-]{0,58}>|_{3,}|\b[Xx]{3,}\b(?!\s+\d)/gu;

/** The gaps of a text, in order: {start, end, text}. */
export function gaps(text) {
  return [...text.matchAll(GAP)].map((match) => ({ start: match.index, end: match.index + match[0].length, text: match[0] }));
}

/** The text in pieces: plain strings, and gaps as {gap}. */
export function pieces(text) {
  const found = [];
  let at = 0;
  for (const { start, end, text: gap } of gaps(text)) {
    if (start > at) found.push(text.slice(at, start));
    found.push({ gap });
    at = end;
  }
  if (at < text.length) found.push(text.slice(at));
  return found;
}

/** What a gap is called: "{order number}" as "order number". */
export const gapName = (gap) => gap.replaceAll(/[{}[\]<>]/g, "").trim() || gap;
