// Export with progress. Writes directly to disk if the browser supports it, otherwise through memory.

import { csrfToken } from "../app.js";
import { $, number } from "./dom.js";

// Maximum number of records of an export through memory. The browser downloads larger ones by itself.
const IN_MEMORY = 100_000;
const PICKS = "showSaveFilePicker" in window && !navigator.webdriver;
const TYPES = { csv: "text/csv", jsonl: "application/jsonl", parquet: "application/vnd.apache.parquet" };

/** Enhance the form of the export menu. `current()` returns the active filters, their query string, the total and the
 * visible columns. */
export function exports(form, kind, current) {
  const dialog = $("download");
  let stop = () => {};
  $("download-stop").addEventListener("click", () => (stop(), dialog.close()));
  dialog.addEventListener("cancel", () => stop());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.closest("details").open = false;
    const format = event.submitter.value;
    const { filters, query, total, columns } = current();
    const body = form.elements.all.checked ? filters : { ...filters, fields: columns };
    if (total > IN_MEMORY && !PICKS) return byBrowser(form, query, format);
    const control = new AbortController();
    stop = () => control.abort();
    const name = `${kind}.${format}`;
    const sink = await openSink(name, format).catch(() => null);
    if (!sink) return;
    begin(dialog, name);
    try {
      const response = await fetch(`/app/${kind}/export?format=${format}`, {
        method: "POST",
        headers: { "X-CSRF": csrfToken(), "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: control.signal,
      });
      if (!response.ok) throw new Error((await response.json()).errors[0].details);
      await pump(response, sink, { lines: format !== "parquet", header: format === "csv" ? 1 : 0, total });
      await sink.close();
      end(`${name}: done.`);
    } catch (error) {
      await sink.abort();
      if (!control.signal.aborted) end(`The export failed: ${error.message}`);
    }
  });
}

/** Copy the response to the sink and show the progress: rows (lines, except line breaks within quotes) or bytes. */
async function pump(response, sink, { lines, header, total }) {
  const reader = response.body.getReader();
  let bytes = 0;
  let rows = -header;
  let quoted = false;
  let shownAt = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (!done) {
      bytes += value.length;
      if (lines) {
        for (let at = 0; at < value.length; at++) {
          if (header && value[at] === 34) quoted = !quoted;
          else if (value[at] === 10 && !quoted) rows++;
        }
      }
      await sink.write(value);
    }
    if (!done && performance.now() - shownAt < 100) continue;
    shownAt = performance.now();
    const size = `${number(Math.round(bytes / 1e4) / 100)} MB`;
    $("download-said").textContent = lines ? `${number(Math.max(0, rows))} of ${number(total)} records, ${size}` : size;
    if (lines && total) $("download-bar").value = Math.min(1, rows / total);
    if (done) break;
  }
  if (lines && rows < total) throw new Error(`the transfer ended after ${number(Math.max(0, rows))} of ${number(total)} records`);
}

/** Submit the form, so that the browser downloads the file. Used for results that do not fit into memory. */
function byBrowser(form, query, format) {
  form.querySelector("input[name=query]").value = query;
  const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: "format", value: format });
  form.append(chosen);
  form.submit();
  chosen.remove();
}

async function openSink(name, format) {
  if (PICKS) {
    const file = await window.showSaveFilePicker({ suggestedName: name });
    return file.createWritable();
  }
  const parts = [];
  return {
    write(part) {
      parts.push(part);
    },
    close() {
      const url = URL.createObjectURL(new Blob(parts, { type: TYPES[format] }));
      const link = Object.assign(document.createElement("a"), { href: url, download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
    abort() {},
  };
}

function begin(dialog, name) {
  $("download-title").textContent = `Export: ${name}`;
  $("download-said").textContent = "Starting …";
  $("download-bar").removeAttribute("value");
  $("download-stop").textContent = "Stop";
  dialog.showModal();
}

function end(words) {
  $("download-said").textContent = `${$("download-said").textContent} ${words}`;
  $("download-bar").value = 1;
  $("download-stop").textContent = "Close";
}
