// A text box that completes values as they are typed, with their counts: the combobox of the ARIA practices, with a
// list that pops up.

import { ask } from "../app.js";
import { h, number } from "./dom.js";

const WAIT = 40;
let lists = 0;

/**
 * `choose(value, negative)` is called with what is chosen; `last()` when Backspace is pressed in an empty box.
 * `completes` is the path of the values. Where `loose`, what is typed is a value as it stands.
 */
export function combobox(input, { completes, loose, choose, last }) {
  const list = h("div", { class: "x-list", role: "listbox", id: `list-${++lists}`, popover: "manual", "aria-label": "Values" });
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let offered = [];
  let active = -1;
  let timer;
  let request;

  const isOpen = () => list.matches(":popover-open");

  function close() {
    clearTimeout(timer);
    request?.abort();
    if (isOpen()) list.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function place() {
    const box = input.getBoundingClientRect();
    const below = innerHeight - box.bottom;
    list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`;
    list.style.top = below > 240 || below > box.top ? `${box.bottom + 4}px` : "auto";
    list.style.bottom = below > 240 || below > box.top ? "auto" : `${innerHeight - box.top + 4}px`;
  }

  function mark(index) {
    active = index;
    list.querySelectorAll('[role="option"]').forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at !== index) return;
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) input.removeAttribute("aria-activedescendant");
  }

  function show(values, typed) {
    offered = values;
    const options = values.map(({ value, count }, at) =>
      h("div", { role: "option", id: `${list.id}-${at}`, "aria-selected": "false", "data-at": at },
        h("span", {}, value),
        h("small", {}, number(count)),
        h("span", { class: "x-not", "aria-hidden": "true", title: "Exclude" }, "−")));
    const hint = loose && typed
      ? `Enter: “${typed}” as it is. With Shift: exclude.`
      : values.length ? "Enter: include. Shift+Enter: exclude." : "No such value.";
    list.replaceChildren(...options, h("div", { class: "x-hint", "aria-hidden": "true" }, hint));
    if (!isOpen()) list.showPopover();
    input.setAttribute("aria-expanded", "true");
    place();
    mark(!loose && typed && values.length ? 0 : -1);
  }

  async function complete() {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    const typed = input.value.trim();
    try {
      const answer = await ask(`${completes}?${new URLSearchParams({ q: typed, limit: 12 })}`, undefined, { signal });
      if (!signal.aborted && document.activeElement === input && typed === input.value.trim()) show(answer.data, typed);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function soon() {
    clearTimeout(timer);
    if (completes) timer = setTimeout(complete, WAIT);
  }

  function take(value, negative) {
    if (!value.trim()) return;
    input.value = "";
    close();
    choose([value.trim()], negative);
  }

  input.addEventListener("input", soon);
  input.addEventListener("click", () => !isOpen() && soon());
  input.addEventListener("blur", close);
  input.addEventListener("paste", (event) => {
    const values = event.clipboardData.getData("text/plain").split(/[\n\r\t;]+/).map((text) => text.trim()).filter(Boolean);
    if (values.length < 2) return;
    event.preventDefault();
    close();
    choose(values, false);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) return soon();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(((active + step + 1 + offered.length + 1) % (offered.length + 1)) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(isOpen() && active >= 0 ? offered[active].value : input.value, event.shiftKey || event.altKey);
    } else if (event.key === "Escape" && isOpen()) {
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !input.value) {
      last();
    }
  });
  // The press, not the click: the box must not lose the focus, which would close the list.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    take(offered[Number(option.dataset.at)].value, event.altKey || event.target.matches(".x-not"));
    input.focus();
  });
  for (const scrolled of ["scroll", "resize"]) {
    addEventListener(scrolled, (event) => isOpen() && !list.contains(event.target) && place(), { capture: true, passive: true });
  }
}
