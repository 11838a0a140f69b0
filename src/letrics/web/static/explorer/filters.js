// Enhance the filter form of the server: chips replace its check boxes, and every change searches immediately.

import { combobox } from "./combobox.js";
import { h } from "./dom.js";
import { counterpart } from "./asked.js";

/** Map each request name to the shape of its value: values, flag, dates or numbers. */
export function shapesOf(form) {
  const shapes = new Map();
  for (const control of form.querySelectorAll(".x-control")) {
    for (const input of control.querySelectorAll("input[name]")) shapes.set(input.name, control.dataset.shape);
  }
  return shapes;
}

/** Map the key of each control to its label. */
export function labelsOf(form) {
  return new Map([...form.querySelectorAll(".x-control")].map((control) => {
    const words = control.querySelector(":scope > label, :scope > legend") ?? control;
    return [control.dataset.key, words.textContent.trim()];
  }));
}

/** Enhance the form. It calls `change(asked => asked)` for every change. Returns a function that shows an Asked in it. */
export function filters(form, change) {
  const shows = [...form.querySelectorAll(".x-control")].map((control) =>
    ({ values: valuesControl, flag: flagControl }[control.dataset.shape] ?? pairControl)(control, change));
  form.addEventListener("submit", (event) => event.preventDefault());
  return (asked) => {
    for (const show of shows) show(asked);
    for (const group of form.querySelectorAll(".x-group:not([open])")) {
      const keys = [...group.querySelectorAll(".x-control")].map((control) => control.dataset.key);
      if (asked.filters.some(([name]) => keys.some((key) => [key, `exclude_${key}`].includes(name) || name.startsWith(`${key}_`)))) {
        group.open = true;
      }
    }
  };
}

function valuesControl(control, change) {
  const name = control.dataset.key;
  const input = control.querySelector("input:not(.x-plain, [type=checkbox])");
  const chips = h("ul", { class: "x-values", "aria-label": `${name} chosen` });
  control.querySelectorAll(".x-plain").forEach((plain) => plain.remove());
  input.removeAttribute("name");
  input.before(chips);
  let shown = [];

  combobox(input, {
    completes: control.dataset.completes,
    typed: control.dataset.typed,
    choose: (values, negative) =>
      change((asked) => values.reduce((next, value) => next.add(negative ? counterpart(name) : name, value), asked)),
    last: () => {
      const end = shown.at(-1);
      if (end) change((asked) => asked.remove(...end).set("page", null));
    },
  });

  return (asked) => {
    shown = [name, counterpart(name)].flatMap((key) => asked.all(key).map((value) => [key, value]));
    chips.replaceChildren(...shown.map(([key, value]) => {
      const negative = key !== name;
      return h("li", { class: `x-chip${negative ? " not" : ""}` },
        h("span", { title: value }, h("b", {}, value)),
        h("button", {
          type: "button", class: "x-flip", title: negative ? "Include instead" : "Exclude instead",
          "aria-label": `${negative ? "Include" : "Exclude"} ${value} instead`,
          on: { click: () => change((now) => now.remove(key, value).add(counterpart(key), value)) },
        }, negative ? "+" : "−"),
        h("button", {
          type: "button", "aria-label": `Remove ${value}`,
          on: { click: () => { change((now) => now.remove(key, value).set("page", null)); input.focus(); } },
        }, "×"));
    }));
  };
}

function flagControl(control, change) {
  const inputs = [...control.querySelectorAll("input")];
  for (const input of inputs) {
    input.addEventListener("change", () => change((asked) =>
      asked.set(counterpart(input.name), null).filtered(input.name, input.checked ? "true" : null)));
  }
  return (asked) => {
    for (const input of inputs) input.checked = asked.one(input.name) === "true";
  };
}

function pairControl(control, change) {
  const inputs = [...control.querySelectorAll("input")];
  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (!input.validity.badInput) change((asked) => asked.filtered(input.name, input.value.trim() || null));
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") input.dispatchEvent(new Event("change"));
    });
  }
  return (asked) => {
    for (const input of inputs) {
      const value = asked.one(input.name);
      if (control.dataset.shape === "dates") input.type = !value || /^\d{4}-\d\d-\d\d$/.test(value) ? "date" : "text";
      if (input.value !== value) input.value = value;
    }
  };
}
