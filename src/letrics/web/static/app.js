// What makes the pages more pleasant where scripts run. Every page works without it.

/** The form token, for requests that change something: send it as the header X-CSRF. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf"]')?.content ?? "";
}

/** Ask our own API under /app: the envelope. Rejects with an Error whose `errors` are the envelope's. */
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

/** Say something in the corner for a moment; screen readers say it too. */
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("shown"), 2500);
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Show every <time datetime> within `root` in the reader's own time zone. */
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
    // Without HTTPS there is no clipboard: select it, so that one key copies it.
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    say("Selected: press Ctrl+C (⌘C) to copy");
  }
}

// A link to a page that asks before something is done: ask here instead, with the words of the link.
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
    // It lasts as long as this page, then.
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

// Menus close when something else is clicked, and by Escape.
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

// A form is sent once: a second click on a slow connection does nothing.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if ("sent" in event.target.dataset) event.preventDefault();
  else event.target.dataset.sent = "";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Choosing a day chooses "on a day".
document.addEventListener("input", (event) => {
  const choice = event.target.dataset.chooses && document.getElementById(event.target.dataset.chooses);
  if (choice) choice.checked = true;
});

document.addEventListener("htmx:load", (event) => localTimes(event.detail.elt));
localTimes(document);
showTheme();
