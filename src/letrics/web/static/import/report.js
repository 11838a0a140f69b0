// Announces the end of an import, and removes the notice about its cancelling. htmx replaces the report while it runs.

import { localTimes, say } from "../app.js";

let state = document.getElementById("import").dataset.state;

document.addEventListener("htmx:afterSwap", () => {
  localTimes(document); // at once, so that the times do not flicker
  const now = document.getElementById("import").dataset.state;
  if (now === state) return;
  state = now;
  document.querySelector(".wrap > .note")?.remove();
  say(`Import ${now}`);
});
