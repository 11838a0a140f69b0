// Above the table: the active filters, and the notes of the search about them.

import { h } from "./dom.js";

const SAYS = { after: "from", before: "until", min: "at least", max: "at most" };

/** Return the label of a request name, and whether it excludes. */
export function wordsOf(name, labels) {
  if (labels.has(name)) return { label: labels.get(name), negative: false };
  const stem = name.replace(/^exclude_/, "");
  if (labels.has(stem)) return { label: labels.get(stem), negative: true };
  const [, key, end] = name.match(/^(.*)_(after|before|min|max)$/) ?? [];
  return { label: labels.has(key) ? `${labels.get(key)} ${SAYS[end]}` : name, negative: false };
}

export function showChips(list, asked, meta, labels, change) {
  const read = new Map((meta?.places ?? []).map((place) => [`${place.field}\n${place.value}`, readAs(place)]));
  list.replaceChildren(...asked.filters.map(([name, value]) => {
    const { label, negative } = wordsOf(name, labels);
    const flag = asked.shapes.get(name) === "flag";
    const note = read.get(`${name}\n${value.trim()}`);
    const words = flag ? [value === "true" ? `${label}${negative ? ": no" : ""}` : `${label}: ${value}`]
      : [`${label}${negative ? " is not " : ": "}`, h("b", {}, value), note ? h("small", {}, ` ${note}`) : null];
    return h("li", { class: `x-chip${negative ? " not" : ""}` },
      h("span", { title: [value, note].filter(Boolean).join(": ") }, words),
      h("button", {
        type: "button", "aria-label": `Remove ${label} ${flag ? "" : value}`.trim(),
        on: { click: () => change((now) => now.remove(name, value).set("page", null)) },
      }, "×"));
  }));
}

/** Describe how a location was interpreted. Empty if it is the same as the value. */
function readAs(place) {
  const names = place.read_as.map((item) => (item.kind === "text" ? "as text" : item.name));
  return names.length === 1 && names[0] === place.value ? "" : names.join(" or ");
}

/** Notes about values without a match, each with its suggestions as buttons, and about the warnings of the search. */
export function notesOf(meta, labels, change) {
  const unmatched = meta.unmatched.map(({ field, value, suggestions }) => {
    const fixes = suggestions.flatMap((text, at) => [
      at ? ", " : " Did you mean ",
      h("button", { type: "button", on: { click: () => change((asked) => replace(asked, field, value, text)) } }, text),
    ]);
    return h("p", { class: "note warn" },
      `No match for ${wordsOf(field, labels).label.toLowerCase()} `, h("b", {}, value), ".", fixes, fixes.length ? "?" : "");
  });
  const warnings = meta.warnings.map(({ field, details }) =>
    h("p", { class: "note" }, `${wordsOf(field, labels).label}: ${details}`));
  return [...unmatched, ...warnings];
}

function replace(asked, name, wrong, right) {
  const written = asked.all(name).find((value) => value.trim() === wrong) ?? wrong;
  return asked.remove(name, written).add(name, right);
}
