// Details of one record, in a panel at the right. The URL has `open=ID`.

import { ask, localTimes } from "../app.js";
import { h } from "./dom.js";
import { parts } from "./cells.js";

export function drawer(panel, kind, words, mayForget, close) {
  const name = panel.querySelector("h2");
  const body = panel.querySelector("#drawer-body");
  let shown = "";
  let request;

  panel.querySelector("#drawer-close").addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });

  /** Show the record `id`, or close the panel if it is empty. The focus moves to the panel, and back to `opener(id)`. */
  return async function show(id, opener) {
    if (id === shown) return;
    request?.abort();
    const before = shown;
    shown = id;
    panel.hidden = !id;
    if (!id) {
      if (before) opener(before)?.focus();
      return;
    }
    request = new AbortController();
    name.textContent = id;
    body.replaceChildren(h("p", { class: "soft" }, "Loading …"));
    panel.focus();
    try {
      const { data } = await ask(`${kind}/${encodeURIComponent(id)}`, undefined, { signal: request.signal });
      name.textContent = data.full_name || data.name || data.domain || data.id;
      body.replaceChildren(...whole(data, words), ...(mayForget ? [forget(data)] : []));
      localTimes(body);
    } catch (error) {
      if (error.name === "AbortError") return;
      body.replaceChildren(h("p", { class: "note warn" }, error.message));
    }
  };
}

function whole(record, words) {
  const { company, ...own } = record;
  const domain = (company ?? own).domain;
  const others = `/explore/contacts?${new URLSearchParams({ domains: domain })}`;
  return [
    members(own, words),
    ...(company ? [h("h3", {}, "Company"), members(company, words)] : []),
    h("p", {}, h("a", { href: others }, "All contacts of this company")),
  ];
}

/** The link to the page that asks for confirmation. */
function forget(record) {
  const href = `/forget?${new URLSearchParams({ id: record.id })}`;
  return h("p", {}, h("a", { class: "btn danger small", href }, "Forget this person"));
}

function members(record, words) {
  const rows = Object.entries(record).map(([name, value]) => [words[name] ?? name, parts(value)]);
  return h("dl", { class: "x-facts" },
    rows.filter(([, shown]) => shown.length).flatMap(([text, shown]) => [h("dt", {}, text), h("dd", {}, shown)]));
}
