// The current search as an API request, in curl and in Python.

/** Quote a text for a shell. Within single quotes only the quote itself is special. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function asCurl(url, filters) {
  return [
    'export LETRICS_TOKEN="ltr_…"',
    `curl ${quoted(url)} \\`,
    '  -H "Authorization: Bearer $LETRICS_TOKEN" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d ${quoted(JSON.stringify(filters))}`,
  ].join("\n");
}

export function asPython(url, filters) {
  return `import json
import os
import urllib.request

filters = ${literal(filters, "")}
request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=json.dumps(filters).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['LETRICS_TOKEN']}",
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as response:
    result = json.load(response)
print(result["meta"]["total"])
for record in result["data"]:
    print(record["id"])
`;
}

// JSON literals are also Python literals, except true, false and null.
function literal(value, indent) {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, indent)).join(", ")}]`;
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null) return "None";
  if (typeof value !== "object") return JSON.stringify(value);
  const rows = Object.entries(value).map(([name, item]) => `${indent}    ${JSON.stringify(name)}: ${literal(item, `${indent}    `)},\n`);
  return rows.length ? `{\n${rows.join("")}${indent}}` : "{}";
}
