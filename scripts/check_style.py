"""Check names, constants, commit subjects and prose against the project's style; see scripts/style for each check.

    python -m scripts.check_style [PATH ...] [--only constants|names|commits|phrases] [--summary]

Prints `file:line: what is wrong: suggestion` for each finding and exits with 1 if there is any. `--summary` prints the
number of findings by file and by folder instead. With PATHs, only files at or below them are reported.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from scripts.style.commits import check_commits
from scripts.style.constants import check_constants
from scripts.style.findings import Finding
from scripts.style.names import check_names
from scripts.style.phrases import check_phrases

ROOT = Path(__file__).parents[1]

CHECKS: dict[str, Callable[[Path], Iterable[Finding]]] = {
    "constants": check_constants,
    "names": check_names,
    "commits": check_commits,
    "phrases": check_phrases,
}


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the checks that the arguments select on the project at `root`; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        findings = [finding for name in options.only or CHECKS for finding in CHECKS[name](root)]
    except SyntaxError as error:
        print(f"{error.filename}:{error.lineno}: not valid Python: {error.msg}", file=sys.stderr)
        return 2
    if options.paths:
        findings = [finding for finding in findings if finding.is_below(options.paths)]
    for line in _summary(findings) if options.summary else map(str, findings):
        print(line)
    return 1 if findings else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check_style", description="Check the project against its style.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="report only files at or below PATH")
    parser.add_argument("--only", action="append", choices=tuple(CHECKS), help="run this check alone (repeatable)")
    parser.add_argument("--summary", action="store_true", help="print counts by file and folder instead of findings")
    return parser


def _summary(findings: Sequence[Finding]) -> Iterable[str]:
    """Findings by file, then by folder (two levels), each with the largest count first, then in all."""
    files = Counter(finding.path for finding in findings)
    folders = Counter(finding.folder for finding in findings)
    checks = Counter(finding.check for finding in findings)
    for title, counts in (("file", files), ("folder", folders), ("check", checks)):
        yield f"findings by {title}"
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            yield f"{count:6,}  {name}"
    yield f"{len(findings):6,}  in all"


if __name__ == "__main__":
    sys.exit(main())
