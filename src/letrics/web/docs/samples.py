"""Render code samples that run unchanged: curl, Python (standard library) and JavaScript (fetch).

They send requests to the server that shows the page, with the token in the environment variable LETRICS_TOKEN.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from letrics.web.docs.code import literal

LANGUAGES: Final = (("curl", "curl"), ("python", "Python"), ("javascript", "JavaScript"))
"""Key and display name of each language, in the order of the tabs."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request: a POST with `body` as JSON, or without one a GET with `query`.

    The sample prints the part of the response that the keys in `shows` lead to. If `file` is set, it saves the response
    in that file instead.
    """

    path: str
    body: dict[str, Any] | None = None
    query: tuple[tuple[str, str], ...] = ()
    shows: tuple[str, ...] = ("data",)
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A sample with several requests: its text by language, with `{url}` in place of the address of the server."""

    texts: dict[str, str] = field(default_factory=dict)


def render(sample: Sample | Written, url: str) -> dict[str, str]:
    """Render the sample in each of LANGUAGES. `url` is the address of the server, without a trailing slash."""
    if isinstance(sample, Written):
        return {name: sample.texts[name].strip().replace("{url}", url) for name, _ in LANGUAGES}
    writers: dict[str, Callable[[Sample, str], str]] = {"curl": _curl, "python": _python, "javascript": _javascript}
    return {name: writers[name](sample, url) for name, _ in LANGUAGES}


def _curl(sample: Sample, url: str) -> str:
    get = "G" if sample.query else ""
    parts = [f"curl -s{get} {shlex.quote(url + sample.path)}", '-H "Authorization: Bearer $LETRICS_TOKEN"']
    if sample.body is not None:
        parts += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(literal(sample.body, indent=2))}"]
    parts += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in sample.query]
    if sample.file:
        parts.append(f"-o {sample.file}")
    return " \\\n  ".join(parts)


def _python(sample: Sample, url: str) -> str:
    lines = ["import json", "import os"]
    if sample.file:
        lines.append("import shutil")
    if sample.query:
        lines += ["import urllib.parse"]
    lines += ["import urllib.request", ""]
    address = f'"{url}{sample.path}"'
    if sample.query:
        pairs = "\n".join(f"    ({literal(name)}, {literal(value)})," for name, value in sample.query)
        lines += ["query = urllib.parse.urlencode([", pairs, "])"]
        address = f'f"{url}{sample.path}?{{query}}"'
    lines += ["request = urllib.request.Request(", f"    {address},"]
    if sample.body is not None:
        lines.append(f"    data=json.dumps({literal(sample.body, 'python', 4)}).encode(),")
    lines += ["    headers={", '        "Authorization": f"Bearer {os.environ[\'LETRICS_TOKEN\']}",']
    if sample.body is not None:
        lines.append('        "Content-Type": "application/json",')
    lines += ["    },", ")", "with urllib.request.urlopen(request) as response:"]
    if sample.file:
        lines += [f'    with open("{sample.file}", "wb") as file:', "        shutil.copyfileobj(response, file)"]
        return "\n".join(line for line in lines if line != "import json" or sample.body is not None)
    shown = "".join(f'["{name}"]' for name in sample.shows)
    return "\n".join([*lines, "    result = json.load(response)", f"print(json.dumps(result{shown}, indent=2))"])


def _javascript(sample: Sample, url: str) -> str:
    lines, address = [], f'"{url}{sample.path}"'
    if sample.file:
        lines += ['import { writeFile } from "node:fs/promises";', ""]
    if sample.query:
        pairs = "\n".join(f"  [{literal(name)}, {literal(value)}]," for name, value in sample.query)
        lines += ["const query = new URLSearchParams([", pairs, "]);"]
        address = f"`{url}{sample.path}?${{query}}`"
    lines.append(f"const response = await fetch({address}, {{")
    if sample.body is not None:
        lines.append('  method: "POST",')
    lines += ["  headers: {", "    Authorization: `Bearer ${process.env.LETRICS_TOKEN}`,"]
    if sample.body is not None:
        lines.append('    "Content-Type": "application/json",')
    lines.append("  },")
    if sample.body is not None:
        lines.append(f"  body: JSON.stringify({literal(sample.body, 'javascript', 2)}),")
    lines += ["});", "if (!response.ok) throw new Error(await response.text());"]
    if sample.file:
        return "\n".join([*lines, f'await writeFile("{sample.file}", response.body);'])
    shown = "".join(f".{name}" for name in sample.shows)
    return "\n".join([*lines, "const result = await response.json();", f"console.log(result{shown});"])
