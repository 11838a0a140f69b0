// Breakdown of the results: the most common values of some fields, each with buttons to include or exclude it.

import { arrows, h, number } from "./dom.js";
import { counterpart } from "./asked.js";

// Number of values per field before "more" is clicked.
const SHOWN = 6;
const wide = new Set();

export function showFacets(place, asked, counted, change) {
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  place.replaceChildren(...asked.start.facets.map(([name, label]) => {
    const values = counted[name] ?? [];
    const chosen = asked.all(name);
    const least = wide.has(name) ? values.length : SHOWN;
    const most = Math.max(1, ...values.map(({ count }) => count));
    const rows = values.filter(({ value }, at) => at < least || chosen.includes(value))
      .map((item) => row(name, item, most, asked, change));
    return h("section", { class: "x-facet" },
      h("h3", {}, label),
      rows.length ? h("ul", {}, rows) : h("p", {}, "None"),
      values.length > SHOWN && h("button", {
        type: "button", class: "x-more", "data-key": `${name}\nmore`, "aria-expanded": String(wide.has(name)),
        on: { click: () => { wide.has(name) ? wide.delete(name) : wide.add(name); showFacets(place, asked, counted, change); } },
      }, wide.has(name) ? "Fewer" : `${values.length - SHOWN} more`));
  }));
  if (focused) [...place.querySelectorAll("button")].find((button) => button.dataset.key === focused)?.focus();
  place.onkeydown = (event) => arrows(event, () => [...place.querySelectorAll(".x-in")]);
}

function row(name, { value, count }, most, asked, change) {
  const on = asked.has(name, value);
  const include = h("button", {
    type: "button", class: "x-in", "aria-pressed": String(on), title: `${value}: ${number(count)}`, "data-key": `${name}\n${value}`,
    on: {
      click: (event) => change((now) => {
        if (event.altKey) return now.add(counterpart(name), value);
        return on ? now.remove(name, value).set("page", null) : now.add(name, value);
      }),
    },
  }, h("span", {}, value), h("small", {}, number(count)));
  include.style.setProperty("--share", count / most);
  const exclude = h("button", {
    type: "button", class: "x-out", "aria-label": `Exclude ${value}`, title: "Exclude", "data-key": `${name}\nnot ${value}`,
    on: { click: () => change((now) => now.add(counterpart(name), value)) },
  }, "−");
  return h("li", {}, include, exclude);
}
