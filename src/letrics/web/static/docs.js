// Selecting a language in one sample selects it in all samples, on every page.

const KEY = "letrics-language";

function choose(language) {
  for (const input of document.querySelectorAll(".sample > input")) {
    if (input.value === language) input.checked = true;
  }
}

function storedLanguage() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".sample > input")) return;
  const before = event.target.getBoundingClientRect().top;
  choose(event.target.value);
  // Samples above the click may change their height: scroll so that the clicked element does not move.
  scrollBy(0, event.target.getBoundingClientRect().top - before);
  try {
    localStorage.setItem(KEY, event.target.value);
  } catch {
    // Storage is not available: the choice lasts until the next page load.
  }
});

choose(storedLanguage());

// On narrow screens the navigation scrolls sideways: scroll the link of the current page into view.
const here = document.querySelector(".docs .side [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 16;
