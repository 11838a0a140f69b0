// Table with one page of records. On small screens the style sheet turns its rows into cards.

import { arrows, h } from "./dom.js";
import { member, parts } from "./cells.js";

// Maximum number of values in a cell. "+N" stands for the others.
const MOST = 2;

export function showTable(head, body, asked, records, hrefOf) {
  const names = asked.columns;
  const words = asked.start.columns;
  head.replaceChildren(
    h("th", { role: "columnheader", scope: "col" }, "Name"),
    ...names.map((name) => h("th", { role: "columnheader", scope: "col", "data-column": name }, words[name])));
  body.replaceChildren(...records.map((record) =>
    h("tr", { role: "row" },
      h("th", { role: "rowheader", scope: "row", title: record[asked.start.name] || record.id },
        h("a", { href: hrefOf(record.id), "data-id": record.id }, record[asked.start.name] || record.id)),
      names.map((name) => cell(name, words[name], member(record, name))))));
  markOpen(body, asked.one("open"));
}

function cell(name, label, value) {
  const all = parts(value);
  const rest = all.length - MOST;
  return h("td", { role: "cell", "data-column": name, "data-label": label, title: all.map((part) => part.textContent).join(", ").slice(0, 300) || null },
    all.slice(0, MOST), rest > 0 ? h("small", { class: "soft" }, `+${rest}`) : null);
}

/** Mark the row of the open record. */
export function markOpen(body, id) {
  for (const link of body.querySelectorAll("a[data-id]")) {
    if (id && link.dataset.id === id) link.closest("tr").setAttribute("aria-current", "true");
    else link.closest("tr").removeAttribute("aria-current");
  }
}

/** Open a record by a click on its row, except on other links, or by Enter. The arrow keys move between rows. */
export function rowsOpen(body, open) {
  body.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const name = event.target.closest("a[data-id]");
    if ((!name && event.target.closest("a")) || String(getSelection())) return;
    const link = name ?? event.target.closest("tr")?.querySelector("a[data-id]");
    if (!link) return;
    event.preventDefault();
    open(link.dataset.id);
  });
  body.addEventListener("keydown", (event) => arrows(event, () => [...body.querySelectorAll("a[data-id]")]));
}
