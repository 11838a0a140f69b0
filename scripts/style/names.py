"""Check that no two modules and no two classes of src/letrics have the same name.

Packages (`__init__`, `__main__`) are not counted. names.toml lists the names that may be used twice, each with a
reason; an exception that is no longer needed is a finding too.
"""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from scripts.style.constants import SOURCE
from scripts.style.findings import Finding, project_files

DATA = Path(__file__).with_name("names.toml")
"""The exceptions: a table `modules` and a table `classes`, from name to reason."""

_SUGGESTION = "rename one of them after its job, or add the name with a reason to scripts/style/names.toml"


def check_names(root: Path, data: Path = DATA) -> Iterator[Finding]:
    """Findings for all modules and classes of src/letrics. Raises SyntaxError for a module that is not valid Python."""
    exceptions: dict[str, dict[str, str]] = tomllib.loads(data.read_text("utf-8"))
    modules: dict[str, list[tuple[str, int]]] = defaultdict(list)
    classes: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for path in project_files(root):
        if path.startswith(SOURCE) and path.endswith(".py"):
            if not PurePosixPath(path).stem.startswith("__"):
                modules[PurePosixPath(path).stem].append((path, 1))
            for node in ast.walk(ast.parse((root / path).read_text("utf-8"), path)):
                if isinstance(node, ast.ClassDef):
                    classes[node.name].append((path, node.lineno))
    yield from _repeated("module", modules, exceptions.get("modules", {}))
    yield from _repeated("class", classes, exceptions.get("classes", {}))


def _repeated(
    what: str, places: Mapping[str, list[tuple[str, int]]], exceptions: Mapping[str, str]
) -> Iterator[Finding]:
    for name, found in sorted(places.items()):
        if name not in exceptions:
            first = ":".join(map(str, found[0]))
            for path, line in found[1:]:
                yield Finding("names", path, line, f"the {what} name {name} is also used by {first}", _SUGGESTION)
    for name in exceptions:
        if len(places.get(name, [])) < 2:
            problem = f"the {what} name {name} is not used twice"
            yield Finding("names", f"scripts/style/{DATA.name}", 1, problem, "remove the exception")
