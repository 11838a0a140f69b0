// Keyboard shortcuts of the page, and the two panes that cover the results on small screens.

const WRITING = "input:not([type=checkbox]), textarea, select";

export function keys(form, drawer, closeDrawer) {
  const panes = { filters: form, facets: document.getElementById("facets") };

  function showPane(name, shown) {
    panes[name].classList.toggle("shown", shown);
    for (const button of document.querySelectorAll(`.x-tools [data-pane=${name}]`)) {
      button.setAttribute("aria-expanded", String(shown));
      if (!shown && panes[name].contains(document.activeElement)) button.focus();
    }
    if (shown) panes[name].querySelector("button, input")?.focus();
  }

  for (const button of document.querySelectorAll("[data-pane]")) {
    button.addEventListener("click", () => {
      const { pane } = button.dataset;
      showPane(pane, !panes[pane].classList.contains("shown"));
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !event.target.closest(WRITING) && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      if (!form.offsetParent) showPane("filters", true);
      form.querySelector("input[role=combobox]").focus();
    } else if (event.key === "Escape" && !document.querySelector("dialog[open], details.menu[open]")) {
      const open = Object.keys(panes).find((name) => panes[name].classList.contains("shown"));
      if (open) showPane(open, false);
      else if (!drawer.hidden) closeDrawer();
    }
  });
}
