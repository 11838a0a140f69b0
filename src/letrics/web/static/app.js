// Progressive enhancement for all pages. Every page works without scripts.

/** Return the form token. Requests that change data must send it in the X-CSRF header. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf"]')?.content ?? "";
}

/** Send a request to the API under /app and return the response envelope. If it fails, reject with an Error that has the
 * `errors` of the envelope and the HTTP `status`. */
export async function ask(path, body, options = {}) {
  const response = await fetch(`/app/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "X-CSRF": csrfToken(), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    ...options,
  });
  const envelope = await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(envelope.errors[0]?.details ?? response.statusText), {
      status: response.status,
      errors: envelope.errors,
    });
  }
  return envelope;
}

/** Show a message in the corner for 2.5 seconds. Screen readers announce it. */
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("shown"), 2500);
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Convert every <time datetime> within `root` to the local time zone. */
export function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.dataset.local = "";
    if ("ago" in time.dataset) time.title = moment.format(at);
    else {
      time.title = time.dateTime;
      time.textContent = moment.format(at);
    }
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    say("Copied");
  } catch {
    // The clipboard API needs HTTPS. Without it, select the text so that the user can copy it.
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    say("Selected: press Ctrl+C (⌘C) to copy");
  }
}

// Show a confirmation dialog in place of the page that `link` points to. The texts are in its data attributes.
function confirmHere(link) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("h2").textContent = link.dataset.confirm;
  dialog.querySelector("p").textContent = link.dataset.details ?? "";
  dialog.querySelector("form.act").action = link.href;
  dialog.querySelector("form.act button").textContent = link.dataset.do ?? link.textContent.trim();
  dialog.showModal();
}

const THEMES = ["auto", "light", "dark"];

function themeNow() {
  return document.documentElement.dataset.theme ?? "auto";
}

function showTheme() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    const words = `Theme: ${themeNow()}`;
    button.setAttribute("aria-label", words);
    button.title = words;
  }
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("letrics-theme", next);
  } catch {
    // Storage is not available: the theme lasts until the next page load.
  }
  showTheme();
  say(`Theme: ${next}`);
}

document.addEventListener("click", (event) => {
  const at = event.target.closest("[data-copy], [data-confirm], [data-theme-toggle], [data-close]");
  if (!at || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (at.matches("[data-copy]")) copy(at);
  else if (at.matches("[data-theme-toggle]")) nextTheme();
  else if (at.matches("[data-close]")) at.closest("dialog").close();
  else {
    event.preventDefault();
    confirmHere(at);
  }
});

// A click outside a menu and the Escape key close it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Submit each form once: ignore a second click on a slow connection.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if ("sent" in event.target.dataset) event.preventDefault();
  else event.target.dataset.sent = "";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Entering a date selects the radio button that belongs to the date.
document.addEventListener("input", (event) => {
  const choice = event.target.dataset.chooses && document.getElementById(event.target.dataset.chooses);
  if (choice) choice.checked = true;
});

// On a small screen the navigation scrolls sideways: show the link of this page.
const here = document.querySelector(".top nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 60;

document.addEventListener("htmx:load", (event) => localTimes(event.detail.elt));
localTimes(document);
showTheme();
