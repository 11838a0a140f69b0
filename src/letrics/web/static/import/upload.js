// Upload of a file with progress, by a drop or the file dialog. The preview is the next page.

import { csrfToken } from "../app.js";

const $ = (id) => document.getElementById(id);
const form = $("upload");
const MAX_NAME = 200;
const MAX_NAME_BYTES = 250;
let file = null;
let request = null;

$("file").addEventListener("change", (event) => choose(event.target.files));
$("upload-again").addEventListener("click", () => file && send());
$("upload-stop").addEventListener("click", () => request?.abort());
form.addEventListener("submit", (event) => event.preventDefault());

// Files can be dropped anywhere on the page: a browser would open a file that misses the box.
addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("over");
});
addEventListener("drop", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.classList.remove("over");
  if (!request) choose(event.dataTransfer.files);
});

function choose(files) {
  if (!files.length) return;
  [file] = files;
  const most = Number(form.dataset.max);
  if (files.length > 1) fail(`You dropped ${files.length} files: choose one at a time.`, false);
  else if (!file.size) fail(`${file.name} is empty, or a folder: choose a file with rows.`, false);
  else if (file.size > most) {
    fail(`${file.name} has ${size(file.size)}, and the limit is ${size(most)}: compress it (.gz or .zip), split it, or ask an admin to raise the setting max_upload.`, false);
  } else send();
}

function send() {
  const started = performance.now();
  request = new XMLHttpRequest();
  request.open("POST", `/app/uploads?filename=${encodeURIComponent(safeName(file.name))}`);
  request.setRequestHeader("X-CSRF", csrfToken());
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => show(loaded, total, performance.now() - started));
  request.addEventListener("load", () => {
    if (request.status === 200) location.assign(`/import/uploads/${request.response.data.upload}`);
    else fail(request.response?.errors?.[0]?.details ?? `The server refused the file with the status ${request.status}.`);
  });
  request.addEventListener("error", () => fail("The connection was lost, or the file changed while it was read. The file is still chosen."));
  request.addEventListener("abort", () => fail("The upload was stopped. Nothing was imported."));
  $("upload-name").textContent = file.name;
  $("upload-choose").hidden = true;
  $("upload-problem").hidden = true;
  $("upload-again").hidden = true;
  $("upload-progress").hidden = false;
  show(0, file.size, 0);
  $("upload-stop").focus();
  request.send(file);
}

function show(loaded, total, milliseconds) {
  $("upload-bar").value = loaded / total;
  const rate = milliseconds > 500 ? `, ${size((loaded / milliseconds) * 1000)}/s` : "";
  $("upload-said").textContent = loaded < total
    ? `Uploading: ${size(loaded)} of ${size(total)}${rate}`
    : "Uploaded. Reading the first rows …";
}

/** Show why a file was not uploaded. It stays chosen, so that `again` can send it once more. */
function fail(words, again = true) {
  request = null;
  $("file").value = "";
  $("upload-choose").hidden = false;
  $("upload-progress").hidden = true;
  $("upload-problem").hidden = false;
  $("upload-problem").querySelector("p").textContent = words;
  $("upload-again").hidden = !again;
  $("upload-again").textContent = `Try ${file.name} again`;
  (again ? $("upload-again") : $("file")).focus();
}

/** The name as the server accepts it; the end of a long name has the extension. */
function safeName(name) {
  const plain = name.replace(/[\u0000-\u001f\u007f/\\]/g, "_").replace(/^[-.\s]+/, "").trim();
  let end = plain.slice(-MAX_NAME);
  while (new Blob([end]).size > MAX_NAME_BYTES) end = end.slice(1);
  return end.replace(/^[-.\s]+/, "") || "upload";
}

function size(bytes) {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let at = 0;
  while (bytes >= 1024 && at < units.length - 1) {
    bytes /= 1024;
    at++;
  }
  return `${at ? bytes.toFixed(1) : bytes} ${units[at]}`;
}
