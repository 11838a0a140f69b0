"""Create the documentation's pictures: run the demo in a temporary directory and capture it in a browser.

    python -m scripts.screenshots [--only NAME] [--browser /usr/bin/chromium]

Needs playwright, Pillow and a Chromium. The sample's people are invented, so the pictures show no real person.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "docs" / "images"
SIZE: Final = (1280, 800)
COLOURS: Final = 128
MOST_BYTES: Final = 250_000
ALL_BYTES: Final = 2_000_000

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what is opened, in which theme, and what is done before it is taken."""

    name: str
    path: str
    theme: Theme = "light"
    signed_in: bool = True
    prepare: Callable[[Page], None] | None = None
    size: tuple[int, int] = SIZE


def _open_first(page: Page) -> None:
    """Open the first record at the side."""
    page.locator("main table tbody tr a").first.click()
    page.wait_for_timeout(600)


LEADS: Final = """\
Name,Job,Firma,Webseite,Telefon direkt,Kontaktweg,Letzte Notiz
Jane Doe,Head of Purchasing,Acme GmbH,acme.example,+49 30 901820,jane.doe@acme.example,Called in May
Max Muster,Leiter Einkauf,Bolt AG,www.bolt.example,+49 89 21800,max@bolt.example,
Ana Silva,Directora de Compras,Cobre SA,cobre.example,unknown,ana.silva@cobre.example,Wants a demo
"""
"""An invented file to import."""


def _preview_leads(page: Page) -> None:
    """Upload a file and wait for its preview."""
    page.locator("#file").set_input_files({"name": "leads.csv", "mimeType": "text/csv", "buffer": LEADS.encode()})
    page.get_by_role("button", name="Start import").first.wait_for()


TOKENS: Final = (("Nightly export", "--expires", "90d"), ("CRM", "--scope", "write"), ("Laptop", "--expires", "5d"))
"""Tokens to show, besides the demo's own: the name and options of each."""

CONTACTS: Final = "/explore/contacts?job_titles=head+of&job_titles=director&locations=DACH&has_personal_email=true"
COMPANIES: Final = "/explore/companies?technologies=React&exclude_locations=United+States&has_generic_email=true"

PICTURES: Final = (
    Picture("signin", "/signin", signed_in=False),
    Picture("overview", "/overview"),
    Picture("overview-dark", "/overview", "dark"),
    Picture("contacts", CONTACTS),
    Picture("contact-open-dark", CONTACTS, "dark", prepare=_open_first),
    Picture("companies", COMPANIES),
    Picture("import", "/import", prepare=_preview_leads, size=(1280, 1150)),
    Picture("tokens", "/settings/tokens"),
    Picture("docs", "/docs", signed_in=False),
    Picture("docs-contacts-dark", "/docs/contacts", "dark", signed_in=False),
    Picture("overview-small", "/overview", size=(390, 844)),
)


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """The demo on a free port, in a directory that is gone afterwards: what it says when it is ready."""
    with tempfile.TemporaryDirectory(prefix="letrics-pictures-") as home:
        command = [sys.executable, "-P", "-m", "letrics.cli", "demo", "--home", home, "--port", "0", "--json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if line == "}\n":
                    break
            for words in TOKENS:
                named = ["token", "create", "--home", home, "--user", "demo@letrics.example", "--name", *words]
                subprocess.run([*command[:4], *named], env=environment, stdout=subprocess.DEVNULL, check=True)
            yield json.loads(said)
        finally:
            process.terminate()
            process.wait(30)


def sign_in(context: BrowserContext, link: str) -> None:
    """Open the single-use sign-in link."""
    page = context.new_page()
    page.goto(link)
    page.locator("main form button").click()
    page.wait_for_url("**/overview*")
    page.close()


def take(browser: Browser, session: str, url: str, picture: Picture) -> bytes:
    """The picture as a PNG of few colours."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=picture.theme, locale="en-GB", timezone_id="UTC",
        storage_state=session if picture.signed_in else None,
    )  # fmt: skip
    page = context.new_page()
    page.goto(url + picture.path)
    page.wait_for_load_state("networkidle")
    if picture.prepare is not None:
        picture.prepare(page)
    whole = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    few = whole.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--only", help="the name of one picture")
    words.add_argument("--browser", default="/usr/bin/chromium")
    given = words.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    with demo() as told, sync_playwright() as playwright, tempfile.TemporaryDirectory() as kept:
        browser = playwright.chromium.launch(
            executable_path=given.browser,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        session = str(Path(kept) / "session.json")
        context = browser.new_context()
        sign_in(context, told["link"])
        context.storage_state(path=session)
        context.close()
        for picture in PICTURES:
            if given.only in (None, picture.name):
                data = take(browser, session, told["url"], picture)
                assert len(data) <= MOST_BYTES, f"{picture.name} has {len(data):,} bytes"
                (TARGET / f"{picture.name}.png").write_bytes(data)
                print(f"{picture.name}: {len(data):,} bytes")
        browser.close()
    size = sum(file.stat().st_size for file in TARGET.glob("*.png"))
    assert size <= ALL_BYTES, f"all pictures together have {size:,} bytes"


if __name__ == "__main__":
    main()
