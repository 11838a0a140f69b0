"""Write the generated parts of the manual into the pages of docs, from the program itself.

    python -m scripts.write_reference

A test fails while a page is not what this would write. scripts/reference/blocks.py has the names of the parts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scripts.reference.blocks import update

FOLDER: Final = Path(__file__).parents[1] / "docs"


def outdated(folder: Path = FOLDER) -> dict[Path, str]:
    """Return the pages that differ from what the program says, with the text that they should have."""
    pages = {file: file.read_text("utf-8") for file in sorted(folder.glob("*.md"))}
    return {file: new for file, text in pages.items() if (new := update(text)) != text}


def main() -> None:
    for file, text in outdated().items():
        file.write_text(text, "utf-8")
        print(f"updated {file.name}")


if __name__ == "__main__":
    main()
