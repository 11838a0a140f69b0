// Page state: the pairs of its query string, which is that of a GET search plus `open`, the id of the open record.

const OURS = ["open", "done"];
const PAGING = ["page", "per_page", "order", "cursor", "fields"];

/** Immutable page state: every change returns a new Asked. `shapes` maps each request name to the shape of its value:
 * values, flag, dates or numbers. */
export class Asked {
  constructor(pairs, start, shapes) {
    this.pairs = pairs;
    this.start = start;
    this.shapes = shapes;
  }

  static of(search, start, shapes) {
    const pairs = [...new URLSearchParams(search)]
      .map(([name, value]) => [name.replace(/\[\]$/, ""), value])
      .map(([name, value]) => [Object.hasOwn(start.aliases, name) ? start.aliases[name] : name, value])
      .filter(([name, value]) => value.trim() && name !== "done" && name !== "cursor");
    return new Asked(pairs, start, shapes);
  }

  get filters() {
    return this.pairs.filter(([name]) => !PAGING.includes(name) && !OURS.includes(name));
  }

  get columns() {
    const known = [...new Set(this.all("fields"))].filter((name) => Object.hasOwn(this.start.columns, name));
    return known.length ? known : this.start.usual;
  }

  all(name) {
    return this.pairs.filter(([key]) => key === name).map(([, value]) => value);
  }

  one(name, otherwise = "") {
    return this.all(name)[0] ?? otherwise;
  }

  has(name, value) {
    return this.pairs.some(([key, other]) => key === name && other === value);
  }

  /** Replace the values of a name. null or [] removes the name. */
  set(name, values) {
    const given = values == null ? [] : [values].flat();
    const at = this.pairs.findIndex(([key]) => key === name);
    const kept = this.pairs.filter(([key]) => key !== name);
    kept.splice(at < 0 ? kept.length : Math.min(at, kept.length), 0, ...given.map((value) => [name, value]));
    return new Asked(kept, this.start, this.shapes);
  }

  /** Add a value, and remove it from the counterpart of the name. */
  add(name, value) {
    if (this.has(name, value)) return this;
    const next = new Asked([...this.pairs, [name, value]], this.start, this.shapes);
    return next.remove(counterpart(name), value).set("page", null);
  }

  remove(name, value) {
    const kept = this.pairs.filter((pair) => pair[0] !== name || pair[1] !== value);
    return new Asked(kept, this.start, this.shapes);
  }

  /** Replace the values of a filter and go to the first page. */
  filtered(name, values) {
    return this.set(name, values).set("page", null);
  }

  cleared() {
    return new Asked(this.pairs.filter(([name]) => ["per_page", "order", "fields"].includes(name)), this.start, this.shapes);
  }

  get query() {
    const usual = ["per_page", String(this.start.perPage)];
    return new URLSearchParams(this.pairs.filter(([name, value]) => name !== usual[0] || value !== usual[1])).toString();
  }

  /** Query string of the filters, the order and the columns, which determine an export. */
  get wholeQuery() {
    return new URLSearchParams([...this.filters, ...this.pairs.filter(([name]) => ["order", "fields"].includes(name))]).toString();
  }

  /** Request body of the filters. Values that do not fit their field are sent unchanged, so that the server reports them. */
  body(filters = this.filters) {
    const body = {};
    for (const [name, value] of filters) {
      const shape = this.shapes.get(name);
      if (shape === "values") (body[name] ??= []).push(value);
      else if (name in body) body[name] = [body[name], value].flat();
      else if (shape === "flag") body[name] = { true: true, false: false }[value] ?? value;
      else body[name] = shape === "numbers" ? whole(value) : value;
    }
    return body;
  }

  search() {
    const body = this.body();
    for (const name of ["page", "per_page"]) if (this.one(name)) body[name] = whole(this.one(name));
    if (this.one("order")) body.order = this.one("order");
    body.fields = [...new Set(["id", this.start.name, ...this.columns])];
    return body;
  }
}

/** Return the counterpart of a request name: `exclude_x` for `x`, and `x` for `exclude_x`. */
export function counterpart(name) {
  return name.startsWith("exclude_") ? name.slice(8) : `exclude_${name}`;
}

const whole = (text) => (/^\s*\d{1,15}\s*$/.test(text) ? Number(text) : text);
