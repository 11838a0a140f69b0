// Pagination: previous, next, or any page by its number.

import { h, number } from "./dom.js";

export function showPager(nav, asked, meta, hrefOf, change) {
  const { page, total_pages: last } = meta;
  nav.hidden = !last;
  const step = (words, rel, to) =>
    h("a", {
      class: "btn small", rel, href: hrefOf(asked.set("page", String(to))),
      on: { click: (event) => follow(event, () => change((now) => now.set("page", String(to)))) },
    }, words);
  const steps = nav.querySelector(".x-steps");
  const focused = steps.contains(document.activeElement) ? document.activeElement.rel : null;
  steps.replaceChildren(
    ...(page > 1 ? [step("Previous", "prev", Math.min(page - 1, last))] : []),
    ...(page < last ? [step("Next", "next", page + 1)] : []));
  if (focused) (steps.querySelector(`[rel=${focused}]`) ?? steps.firstChild)?.focus();
  nav.querySelector("#page").value = page;
  nav.querySelector(".x-goto span").textContent = number(last);
}

/** Enhance the form with the page number. */
export function goesTo(nav, last, change) {
  nav.querySelector(".x-goto").addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = Number(nav.querySelector("#page").value.replaceAll(",", ""));
    if (!Number.isInteger(wanted) || wanted < 1) nav.querySelector("#page").select();
    else change((now) => now.set("page", String(Math.min(wanted, Math.max(1, last())))));
  });
}

/** Handle a plain click with `go`. With a modifier key, the browser opens the link as usual. */
export function follow(event, go) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go();
}
