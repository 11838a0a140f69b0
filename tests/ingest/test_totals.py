"""Rows of totals are distinguished from companies that are called Total."""

from __future__ import annotations

import pytest

from letrics.ingest.totals import is_totals_label, is_totals_row, may_be_totals

NAMES = ("name", "domain", "country", "Revenue")
LABELS = (
    "Total", "TOTAL", "Total:", "total", "Totals", "Grand total", "Grand Total:", "Subtotal", "Sub-total", "Summe",
    "Gesamt", "Gesamt:", "Gesamtsumme", "Gesamtergebnis", "Ergebnis", "Anzahl", "Total général", "Sous-total", "Somme",
    "Total general", "Suma", "Soma", "Totale", "Totale complessivo", "Totaal", "Eindtotaal", "Count", "Count: 30",
    "Total: 30", "Total (30)", "Total 30", "Total companies", "Total companies: 30",
    "Anzahl Firmen", "Anzahl der Firmen: 30", "Sum", "Sum =", "Average", "Durchschnitt",
    "Total of all leads: 2", "Gesamt aller Firmen: 12", "Итого", "合計",
)  # fmt: skip
NO_LABELS = (
    "", "Acme", "Total Energies", "TotalEnergies SE", "Summe GmbH", "Sum Ventures", "Gesamtverband", "Ergebnis AG",
    "Countdown", "Subtotal Labs", "Total Wine & More", "Somma Lombardo", "Total: all of it", "Totally Rad", "x" * 200,
)  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_label_of_totals_is_recognised(label: str) -> None:
    assert is_totals_label(label)
    assert is_totals_row(NAMES, [label, "", "", "30"])
    assert may_be_totals([label, "", "", "30"]) and may_be_totals(["", "", label, "30"])


@pytest.mark.parametrize("label", NO_LABELS)
def test_other_text_is_no_label_of_totals(label: str) -> None:
    assert not is_totals_label(label)
    assert not is_totals_row(NAMES, [label, "", "", "30"])


@pytest.mark.parametrize(
    "amount",
    ["30", "3.000 €", "€3,000.00", "$1.2M", "EUR 3.000", "3 000,50 EUR", "1'000.-", "CHF 3'000", "(300)", "-300",
     "12.5%", "12 %", "30 companies", "1,2 Mio. €", "Sum: 300", "Avg. 12", "=SUM(C2:C30)",
     "=SUBTOTAL(109,[Revenue])", "0", "0.5"],
)  # fmt: skip
def test_amounts_are_totals(amount: str) -> None:
    assert is_totals_row(NAMES, ["Total", "", "", amount])


@pytest.mark.parametrize(
    "column", ["employees", "# Employees", "Contacts", "Total Funding", "Deals", "column 4", "domain"]
)
def test_totals_are_in_columns_of_amounts_and_counts(column: str) -> None:
    assert is_totals_row(("name", "website", column), ["Total", "", "30"])


@pytest.mark.parametrize(
    ("column", "cell"),
    [("domain", "total.example"), ("country", "France"), ("City", "Paris"), ("industry", "Oil"), ("Status", "open"),
     ("phone", "30"), ("Founded", "1924"), ("ZIP", "92400"), ("Street", "12"), ("Account ID", "301"),
     ("Kundennr.", "301"), ("Customer Number", "301"), ("SIREN", "542051180"), ("Note", "+33 1 47 44 45 46"),
     ("Note", "0147444546"),
     ("Email", "info@total.example"), ("LinkedIn", "https://www.linkedin.com/company/total")],
)  # fmt: skip
def test_fact_of_a_record_makes_a_row(column: str, cell: str) -> None:
    assert not is_totals_row(("name", "Revenue", column), ["Total", "", cell])
    assert not is_totals_row(("name", "Revenue", column, "website"), ["Total", "30", cell, ""])


def test_label_that_may_be_a_name_needs_a_blank_cell() -> None:
    assert not is_totals_row(("name", "employees", "revenue"), ["Total", "30", "3"])
    assert not is_totals_row(("name", "employees"), ["Total", "30"])
    assert is_totals_row(("name", "employees", "revenue"), ["Grand total", "30", "3"])
    assert is_totals_row(("name", "employees"), ["Total:", "30"])


@pytest.mark.parametrize("cells", [["Acme", "Total"], ["", "Acme"], ["", ""], ["T"], ["'Total"]])
def test_other_row_can_be_no_totals(cells: list[str]) -> None:
    assert not may_be_totals(cells)


def test_label_in_a_later_column_is_recognised() -> None:
    assert is_totals_row(NAMES, ["", "Total", "-", "30"])
    assert not is_totals_row(NAMES, ["Ann", "Total", "", "30"])
    assert not is_totals_row(NAMES, ["", "", "", "30"])
    assert not is_totals_row(NAMES, ["", "", "", ""])
