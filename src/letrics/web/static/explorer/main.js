// The explorer: enhances the page that the server rendered. The URL is the state from which the page derives.

import { ask, localTimes } from "../app.js";
import { Asked } from "./asked.js";
import { notesOf, showChips } from "./chips.js";
import { asCurl, asPython } from "./code.js";
import { chosenColumns, columnsMenu } from "./columns.js";
import { $, h, linked, number } from "./dom.js";
import { exports } from "./download.js";
import { drawer } from "./drawer.js";
import { showEmpty } from "./empty.js";
import { showFacets } from "./facets.js";
import { filters, labelsOf, shapesOf } from "./filters.js";
import { keys } from "./keys.js";
import { follow, goesTo, showPager } from "./pager.js";
import { markOpen, rowsOpen, showTable } from "./table.js";

// Minimum time between two searches in milliseconds. The first one starts immediately.
const WAIT = 50;
// Maximum length of a URL in characters. The state of a longer one is only in the history.
const LONGEST_URL = 12_000;
// Number of values per facet to request.
const FACET_VALUES = 20;

const start = JSON.parse($("start").textContent);
const form = $("filters");
const shapes = shapesOf(form);
const labels = labelsOf(form);
const results = document.querySelector(".x-results");
const path = `/explore/${start.kind}`;

let asked = Asked.of(history.state?.query ?? location.search, start, shapes);
let meta = null;
let searched = "";
let counted = "";
let facets = {};
let timer;
let sentAt = -WAIT;
let searching = new AbortController();
let counting = new AbortController();

const hrefOf = (of) => `${path}${of.query && `?${of.query}`}`;

/** Go to the state that `step` returns for the current one. If it is too long for a URL, only the history has it. */
function change(step, { replace = false } = {}) {
  const next = step(asked);
  if (next === asked || next.query === asked.query) return show();
  asked = next;
  if (!replace) $("notice")?.remove(); // it is about the action that led here
  const href = hrefOf(asked);
  history[replace ? "replaceState" : "pushState"]({ query: asked.query }, "", href.length > LONGEST_URL ? path : href);
  show();
}

/** Render the state `asked`: first what is known in the browser, then the response of the server. */
function show() {
  // Send the request before drawing: drawing takes as long as the response.
  if (JSON.stringify(asked.search()) !== searched) {
    clearTimeout(timer);
    const wait = sentAt + WAIT - performance.now();
    if (wait > 0) timer = setTimeout(request, wait);
    else request();
  }
  showForm(asked);
  showChips($("chips"), asked, meta, labels, change);
  $("clear").hidden = !asked.filters.length;
  $("order").value = asked.one("order") === "newest" ? "newest" : "";
  const rows = asked.one("per_page", String(start.perPage));
  if (![...$("per_page").options].some((option) => option.value === rows)) $("per_page").add(new Option(rows));
  $("per_page").value = rows;
  showColumns(asked);
  markOpen($("rows"), asked.one("open"));
  showDrawer(asked.one("open"), (id) => $("rows").querySelector(`a[data-id="${CSS.escape(id)}"]`));
}

/** Send one search and, if the filters have changed, one breakdown. Cancels the earlier requests. */
async function request() {
  sentAt = performance.now();
  const now = asked;
  const search = now.search();
  const narrow = JSON.stringify(now.body());
  searched = JSON.stringify(search);
  searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  results.setAttribute("aria-busy", "true");
  const found = ask(start.kind, search, { signal });
  if (narrow !== counted) breakDown(now, narrow);
  try {
    const response = await found;
    if (signal.aborted) return;
    results.setAttribute("aria-busy", "false");
    results.classList.remove("stale");
    meta = response.meta;
    showResponse(now, response, signal);
  } catch (error) {
    if (signal.aborted) return;
    results.setAttribute("aria-busy", "false");
    searched = "";
    results.classList.add("stale");
    showFailure(error);
  }
}

async function breakDown(now, narrow) {
  counted = narrow;
  counting.abort();
  counting = new AbortController();
  const { signal } = counting;
  try {
    const body = { ...now.body(), facets: start.facets.map(([name]) => name), facet_size: FACET_VALUES };
    const { data } = await ask(`${start.kind}/facets`, body, { signal });
    if (signal.aborted) return;
    facets = data;
    showFacets($("facet-lists"), asked, facets, change);
  } catch {
    // The search runs at the same time and reports the error.
    if (!signal.aborted) counted = "";
  }
}

function showResponse(now, { data, meta }, signal) {
  const one = start.kind === "contacts" ? "contact" : "company";
  $("total").replaceChildren(
    h("strong", {}, number(meta.total)), ` ${meta.total === 1 ? one : start.kind} `, h("small", { class: "soft" }, `${meta.took_ms} ms`));
  showChips($("chips"), asked, meta, labels, change);
  $("notes").replaceChildren(...notesOf(meta, labels, change));
  showTable($("head"), $("rows"), now, data, (id) => hrefOf(now.set("open", id)));
  localTimes($("rows"));
  if ($("scroll").dataset.at !== searched) $("scroll").scrollTop = 0;
  $("scroll").dataset.at = searched;
  $("scroll").hidden = !data.length;
  $("empty").hidden = Boolean(data.length);
  if (!data.length) showEmpty($("empty"), now, meta, labels, change, signal);
  showPager($("pager"), now, meta, hrefOf, change);
}

function showFailure(error) {
  const again = () => h("button", { type: "button", on: { click: () => request() } }, "Try again");
  const note = (kind, ...words) => h("p", { class: `note ${kind}`, role: "alert" }, ...words);
  const notes = $("notes");
  if (error.status === 401) {
    const next = new URLSearchParams({ next: hrefOf(asked) });
    notes.replaceChildren(note("warn", "Your session has ended. ", h("a", { href: `/signin?${next}` }, "Sign in again"), " to return to this page."));
  } else if (error.status === 503) {
    notes.replaceChildren(note("warn", `Search is not available at the moment: ${error.message}. Retrying … `, again()));
    clearTimeout(timer);
    timer = setTimeout(request, 1000);
  } else if (error.errors) {
    notes.replaceChildren(...error.errors.map((item) => note("bad", linked(item.details))));
  } else {
    notes.replaceChildren(note("warn", "Cannot reach the server. ", again()));
  }
}

const showForm = filters(form, change);
const showColumns = columnsMenu($("columns"), start, change);
const showDrawer = drawer($("drawer"), start.kind, start.words, start.mayForget, () => change((now) => now.set("open", null)));

rowsOpen($("rows"), (id) => change((now) => now.set("open", id)));
goesTo($("pager"), () => meta?.total_pages ?? 1, change);
exports($("export").querySelector("form"), start.kind, () => ({
  filters: meta?.filters ?? asked.body(), query: asked.wholeQuery, total: meta?.total ?? 0, columns: [start.name, ...asked.columns],
}));
keys(form, $("drawer"), () => change((now) => now.set("open", null)));
$("clear").addEventListener("click", (event) => follow(event, () => change((now) => now.cleared())));
$("order").addEventListener("change", () => change((now) => now.filtered("order", $("order").value || null)));
$("per_page").addEventListener("change", () => change((now) => now.filtered("per_page", $("per_page").value)));
$("show-code").addEventListener("click", () => {
  const url = `${start.origin}/v1/${start.kind}`;
  const body = { ...(meta?.filters ?? asked.body()) };
  $("as-curl").textContent = asCurl(url, body);
  $("as-python").textContent = asPython(url, body);
  $("code").showModal();
});
addEventListener("popstate", (event) => {
  asked = Asked.of(event.state?.query ?? location.search, start, shapes);
  show();
  showFacets($("facet-lists"), asked, facets, change);
});
addEventListener("online", () => !searched && request());

history.replaceState({ query: asked.query }, "");
change((now) => (now.all("fields").length ? now : chosenColumns(now)), { replace: true });
