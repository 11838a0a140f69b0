// A language that was chosen in one sample is chosen in all of them, on every page.

const KEY = "letrics-language";

function choose(language) {
  for (const input of document.querySelectorAll(".sample > input")) {
    if (input.value === language) input.checked = true;
  }
}

function kept() {
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
  // Samples above it may have changed their height: what was clicked stays where it is.
  scrollBy(0, event.target.getBoundingClientRect().top - before);
  try {
    localStorage.setItem(KEY, event.target.value);
  } catch {
    // It lasts as long as this page, then.
  }
});

choose(kept());

// On narrow screens the navigation scrolls sideways: the page that is shown is brought into view.
const here = document.querySelector(".docs .side [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 16;
