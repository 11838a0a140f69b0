// Empty state of the results: the reason, and the next step.

import { ask } from "../app.js";
import { h, number } from "./dom.js";
import { wordsOf } from "./chips.js";

// Maximum number of filters that are counted without.
const MOST = 8;

/** Fill `place` for a response without records. A new search aborts `signal`, which cancels the open requests. */
export async function showEmpty(place, asked, meta, labels, change, signal) {
  const { kind } = asked.start;
  if (meta.total) {
    place.replaceChildren(
      h("h2", {}, "This page is after the last page"),
      button("Go to the last page", () => change((now) => now.set("page", String(meta.total_pages)))));
  } else if (!asked.filters.length) {
    place.replaceChildren(
      h("h2", {}, `No ${kind} yet`),
      ...(asked.start.mayImport
        ? [
            h("p", {}, "Import a file: CSV, Excel, JSON, Parquet, from any tool."),
            h("a", { class: "btn primary", href: "/import" }, "Import a file"),
            h("p", {}, "Or on the server’s command line:"),
          ]
        : [h("p", {}, "Ask an editor or admin to import a file. On the server’s command line:")]),
      h("pre", {}, asked.start.importCommand));
  } else {
    const list = h("ul", { class: "x-ways" });
    const words = h("p", {}, "Results without one of the filters:");
    place.replaceChildren(
      h("h2", {}, `No ${kind} match all of these filters`), words, list,
      button("Clear all filters", () => change((now) => now.cleared())));
    const ways = await waysOut(asked, signal);
    if (signal.aborted) return;
    if (!ways.length) words.textContent = "Removing a single filter does not help.";
    list.replaceChildren(...ways.map(({ name, total }) => {
      const { label, negative } = wordsOf(name, labels);
      return h("li", {}, h("button", { type: "button", on: { click: () => change((now) => now.set(name, null)) } },
        `Without ${label.toLowerCase()}${negative ? " excluded" : ""}: ${number(total)}`));
    }));
  }
}

/** Return the filters whose removal gives results, with the total, largest first. */
async function waysOut(asked, signal) {
  const names = [...new Set(asked.filters.map(([name]) => name))].slice(0, MOST);
  const counted = await Promise.all(names.map(async (name) => {
    const body = asked.body(asked.filters.filter(([other]) => other !== name));
    const { data } = await ask(`${asked.start.kind}/count`, body, { signal }).catch(() => ({ data: { total: 0 } }));
    return { name, total: data.total };
  }));
  return counted.filter(({ total }) => total).sort((a, b) => b.total - a.total);
}

function button(words, act) {
  return h("button", { type: "button", class: "btn", on: { click: act } }, words);
}
