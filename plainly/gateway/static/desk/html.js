// The one way this page makes elements: htm's templates over Preact. Text is always text, never HTML.
import htm from "./vendor/htm.js";
import { Fragment, h, render } from "./vendor/preact.js";

export const html = htm.bind(h);
export { Fragment, render };
export { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "./vendor/hooks.js";
export { batch, computed, effect, signal } from "./vendor/signals.js";

/** Class names from what is true: `names("item", { late: true })`. */
export function names(...given) {
  return given
    .flatMap((one) => (typeof one === "object" ? Object.keys(one ?? {}).filter((name) => one[name]) : [one]))
    .filter(Boolean)
    .join(" ");
}
