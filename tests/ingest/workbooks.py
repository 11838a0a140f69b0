"""Workbooks of Excel for tests: small ones of given cells, and an old `.xls`."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

OLD_WORKBOOK: Final = zlib.decompress(base64.b64decode(
    "eNrtWE9IFFEY/73ZGXfXdF1NAw1kEfpnKoqXLrpqqZcS61JEULPNQOL+YzVwu2ipxyDoVHQR7NDFisCKCgo6dAiMOgRBoHXsFBR0UKfvfTOzrq"
    "bgggnW/Ib3vfd9733f9+Z7f2fezZXPTz2sWcAatMOHZSuIojyZoBR0mTCo3rJk0c0DlCwPOwrBAA1kkYZnpW/9cgzleC9AwQP1FVHgC6VzSKMv"
    "lTQj24gu7oMuZB/ahEpzT8EdSiFUc78qmF5kupvpfW77nGkHS64zbaO28+Is5qJ99UeceXxGqeO6EFGBx6zziSUtqMIbOY9Hbwi7rYbOzIAe32"
    "EVtWoJpkFD2msmzYzky3AXxUCW0JhINBrGPCppuKfx04oAP9x1/TLiybdXLkDyX6vl/g3kARrEtfKbigqMwbog5GSeRClGVVmjoTuRHs5KwSPN"
    "Fhw3dWNoERMkAkpYRI30gTht6z2X4/FIn54wQ8DRVCKtJ7ORYymqTFKj/ku0/invNAzTIOtdqaEh0tc7RlqazBE9kY5zbTIZeU1zbEVIbWJ5bX"
    "xSM0b6za3NLcXyOOHtJ7xq+ynlRVlC1EAZl8t5aYbp7RfvfX9/ItYfPc+SMT5ybOyTUYCFq1KDlENrDrR61jjM9Bpb3cvlGqaVFAnK9/dXOYWe"
    "cW4zwbX7yU8r40P0QF75IJUnv518Ujv5NXqIyjO9C1cqZz5Gp1BHB6VB+vIZR4NoELdvSTyNurlwtrDPTKv/2M7alQrMygJtZivYupiJDWPmg2"
    "t1p8UsoISdvlvOjaUMSxwzUDwkbE5GR+Q4xYmVzfmI8+U4lTg1x2nEaY4fsY4fwX6KnPaC/fhznPQjY/+C3kKwn1lVHmRNcwr50JQA796yZ9K+"
    "so59he0HHYv2KBfnONe+zUn7u2Sfya7Cdp05hfXmlAcPHjx48ODhP4LgC5B96VPtDwK+wPid/zpLlJa93yT/LE4hRc8wfVJ2I0l5BtmC5s8eaM"
    "K1JTap4/4vlDhN3jMYRIz7MVjw/KUPApH/PptWDG/dEirU/3Ih/fzL/n8D7ywkuA=="
))  # fmt: skip
"""A workbook of Excel 97 with the sheets Empty and Leads. Leads has a header and two rows."""

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_DATE: Final = 1
"""The style of dates, as a number."""


class Date(int):
    """The number of a day, which is shown as a date."""


class Fault(str):
    """An error such as #N/A."""

    __slots__ = ()


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """Return an `.xlsx` with the rows of these sheets. None is a missing cell."""
    listed, related = [], []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELATIONS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        )
        for number, (name, rows) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if name in hidden else ""
            listed.append(f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="r{number}"/>')
            related.append(
                f'<Relationship Id="r{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            )
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(rows))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{"".join(listed)}</sheets></workbook>',
        )
        related.append(f'<Relationship Id="s" Type="{_RELATIONS}/styles" Target="styles.xml"/>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{"".join(related)}</Relationships>'
        )
    return out.getvalue()


def _sheet(rows: Sequence[Sequence[Any]]) -> str:
    body = ""
    for number, row in enumerate(rows, 1):
        cells = [_cell(f"{_letters(place)}{number}", value) for place, value in enumerate(row)]
        body += f'<row r="{number}">{"".join(cells)}</row>'
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _letters(place: int) -> str:
    return (chr(64 + place // 26) if place > 25 else "") + chr(65 + place % 26)


def _cell(reference: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Date):
        return f'<c r="{reference}" s="{_DATE}"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{reference}"><v>{value!r}</v></c>'
    if isinstance(value, Fault):
        return f'<c r="{reference}" t="e"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
