// Text box with autocomplete and counts: the combobox pattern of the ARIA Authoring Practices, with a listbox popup.

import { ask } from "../app.js";
import { h, number } from "./dom.js";

// Delay in milliseconds between the last key press and the request for completions.
const WAIT = 40;
let lists = 0;

/**
 * Turn `input` into a combobox. It calls `choose(values, negative)` with the chosen values, and `last()` if Backspace
 * is pressed in the empty box. `completes` is the API path of the values. `typed` is the position of the typed text among
 * the options: "first", "last" or "none". While the box has text, one option is highlighted, and Enter chooses it.
 */
export function combobox(input, { completes, typed, choose, last }) {
  const list = h("div", { class: "x-list", role: "listbox", id: `list-${++lists}`, popover: "manual", "aria-label": "Values" });
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let offered = [];
  let offeredFor = "";
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

  function show(values, text) {
    const exact = values.findIndex(({ value }) => value.toLowerCase() === text.toLowerCase());
    const asTyped = { value: text, words: typed === "first" ? `Contains “${text}”` : `“${text}” as typed` };
    offered = values;
    if (text && typed === "first") offered = [asTyped, ...values.filter((_, at) => at !== exact)];
    else if (text && typed === "last" && exact < 0) offered = [...values, asTyped];
    offeredFor = text;
    const options = offered.map(({ value, words, count }, at) =>
      h("div", { role: "option", id: `${list.id}-${at}`, "aria-selected": "false", "data-at": at },
        h("span", {}, words ?? value),
        words ? null : h("small", {}, number(count)),
        h("span", { class: "x-not", "aria-hidden": "true", title: "Exclude" }, "−")));
    const hint = offered.length ? "Enter to include · Shift+Enter to exclude" : "No matching value";
    list.replaceChildren(...options, h("div", { class: "x-hint", "aria-hidden": "true" }, hint));
    if (!isOpen()) list.showPopover();
    input.setAttribute("aria-expanded", "true");
    place();
    if (!text || !offered.length) mark(-1);
    else mark(typed === "first" ? 0 : Math.max(0, exact));
  }

  async function complete() {
    clearTimeout(timer);
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    const text = input.value.trim();
    try {
      const response = await ask(`${completes}?${new URLSearchParams({ q: text, limit: 8 })}`, undefined, { signal });
      if (!signal.aborted && document.activeElement === input && text === input.value.trim()) show(response.data, text);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  /** Choose the highlighted option. If the options for the text are not loaded yet, wait for them. */
  async function enter(negative) {
    const text = input.value.trim();
    const ready = () => isOpen() && active >= 0 && offeredFor === input.value.trim();
    if (text && completes && typed !== "first" && !ready()) {
      await complete();
      if (input.value.trim() !== text) return;
    }
    take(ready() ? offered[active].value : text, negative);
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
      if (offered.length) mark(active < 0 && step < 0 ? offered.length - 1 : (active + step + offered.length) % offered.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      enter(event.shiftKey || event.altKey);
    } else if (event.key === "Escape" && isOpen()) {
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !input.value) {
      last();
    }
  });
  // Listen for pointerdown, not click: otherwise the box loses the focus, which closes the list.
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
