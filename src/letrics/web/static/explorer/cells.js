// Render values of records by their type, as text. Only safe URLs become links.

import { h, number } from "./dom.js";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether the text is a safe link: http or https, with a host, and without ambiguous characters. */
export function isLink(text) {
  if (!/^https?:\/\//i.test(text) || /[\u0000-\u0020\u007f\\<>"]/.test(text)) return false;
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

export function link(href, text) {
  return h("a", { class: "x-part", href, rel: "noopener noreferrer nofollow", target: "_blank" }, text);
}

/** Return the parts of a value as elements. An unknown value has none. */
export function parts(value) {
  if (value == null || value === "") return [];
  if (Array.isArray(value)) return value.flatMap(item);
  if (typeof value === "object") return item(value);
  if (typeof value === "boolean") return [text(value ? "Yes" : "No")];
  // A number below 10,000 can be a year, so it has no thousands separator.
  if (typeof value === "number") return [text(value >= 10000 ? number(value) : String(value))];
  if (TIME.test(value)) {
    return [h("time", { class: "x-part", datetime: value }, `${value.slice(0, 10)} ${value.slice(11, 16)}`)];
  }
  if (isLink(value)) {
    return [link(value, shortened(value) || value)];
  }
  return [text(value)];
}

function item(one) {
  if (one == null || typeof one !== "object") return [h("span", { class: "x-part tag" }, String(one))];
  if ("value" in one) return [mail(one.value, one.type)];
  if ("min" in one) return [text(band(one.min, one.max))];
  const place = [one.city, one.region, one.country].filter(Boolean).join(", ") || one.text;
  return place ? [text(place)] : [];
}

/** Format a size band. */
function band(min, max) {
  if (min != null && max != null) return `${number(min)} – ${number(max)}`;
  return min != null ? `${number(min)} or more` : `up to ${number(max)}`;
}

/** Shorten a URL for display: drop the scheme and "www."; for a LinkedIn page, keep only the path. */
function shortened(url) {
  return url.replace(/^https?:\/\//i, "").replace(/^(?:(?:[a-z]{2,3}\.)?linkedin\.(?:com|example)\/(?=.)|www\.)/i, "").replace(/\/+$/, "");
}

function mail(address, note) {
  const href = `mailto:${encodeURIComponent(address).replaceAll("%40", "@").replaceAll("%2B", "+")}`;
  return h("a", { class: "x-part", href }, address, note ? h("small", { class: "soft" }, ` ${note}`) : null);
}

function text(words, note) {
  return h("span", { class: "x-part" }, String(words), note ? h("small", { class: "soft" }, ` ${note}`) : null);
}

/** Return the field of a record by its dotted name. */
export function member(record, name) {
  return name.split(".").reduce((value, step) => value?.[step], record);
}
