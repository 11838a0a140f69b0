// Columns of the table. The URL has the current choice, and local storage keeps it for the next visit.

const KEY = "letrics-columns-";

/** Apply the columns chosen on an earlier visit, if there are any. */
export function chosenColumns(asked) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY + asked.start.kind) ?? "[]");
    return withColumns(asked, Array.isArray(kept) ? kept.filter((name) => Object.hasOwn(asked.start.columns, name)) : []);
  } catch {
    return asked;
  }
}

function withColumns(asked, names) {
  const usual = names.join() === asked.start.usual.join();
  return asked.set("fields", usual ? null : names);
}

/** Enhance the columns menu. An added column becomes the last one. Returns a function that shows an Asked in the menu. */
export function columnsMenu(menu, start, change) {
  const boxes = [...menu.querySelectorAll("input[type=checkbox]")];
  let shown = [];

  function choose(names) {
    try {
      localStorage.setItem(KEY + start.kind, JSON.stringify(names));
    } catch {
      // Storage is not available: only the URL has the columns.
    }
    change((asked) => withColumns(asked, names), { replace: true });
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      const names = shown.filter((name) => name !== box.value);
      if (box.checked) names.push(box.value);
      if (names.length) choose(names);
      else box.checked = true;
    });
  }
  menu.querySelector("#usual-columns").addEventListener("click", () => choose([...start.usual]));
  return (asked) => {
    shown = asked.columns;
    for (const box of boxes) box.checked = shown.includes(box.value);
  };
}
