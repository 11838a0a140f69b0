"""Real job titles: of O*NET with their occupational group, of find_job_titles, and a few in other languages."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from scripts.sample.draw import Draw
from scripts.sample.rules import DECISIONS, seniority_of
from scripts.sample.sources import ALTERNATE_TITLES, FOUND_TITLES, REPORTED_TITLES, read_lines, read_rows

Title = tuple[str, str]
"""A title and its SOC major group ("" where that is not known)."""

COMMON = (
    "Chief Executive Officer", "Chief Financial Officer", "Chief Technology Officer", "Managing Director", "Founder",
    "Co-Founder & CEO", "Owner", "President", "VP of Sales", "Vice President, Marketing", "VP Engineering",
    "Head of Marketing", "Head of People", "Head of Data", "Director of Operations", "Sales Director", "IT Director",
    "Finance Manager", "Marketing Manager", "Product Manager", "Project Manager", "Account Manager", "HR Manager",
    "Procurement Manager", "Senior Software Engineer", "Software Engineer", "C++ Developer", "Data Scientist",
    "Account Executive", "Business Development Manager", "Office Manager", "Customer Success Manager",
    "DevOps Engineer", "Partner", "General Counsel", "Quality Manager", "Supply Chain Manager",
    "R&D Engineer", "UX Designer", "Intern",
)  # fmt: skip
FOREIGN = {
    "Germany": ("Geschäftsführer", "Vertriebsleiterin", "Leiter Einkauf", "Softwareentwickler"),
    "Austria": ("Geschäftsführerin", "Leiter Vertrieb"),
    "France": ("Directeur général", "Directrice des ressources humaines", "Responsable marketing"),
    "Spain": ("Director general", "Gerente de ventas"), "Mexico": ("Gerente de ventas", "Director comercial"),
    "Brazil": ("Gerente de vendas", "Diretora financeira"), "Italy": ("Direttore commerciale", "Responsabile acquisti"),
    "Poland": ("Kierownik sprzedaży", "Główny księgowy"),
    "Japan": ("代表取締役", "営業部長", "経理課長", "ソフトウェア開発"),
    "China": ("销售经理", "首席执行官"), "Taiwan": ("業務經理", "總經理"), "South Korea": ("영업 부장", "대표이사"),
    "Russia": ("Генеральный директор", "Руководитель отдела продаж", "Разработчик"), "Greece": ("Διευθυντής πωλήσεων",),
    "Thailand": ("ผู้จัดการฝ่ายขาย",), "Israel": ("מנהל מכירות",), "India": ("बिक्री प्रबंधक",),
    "Saudi Arabia": ("مدير المبيعات", "مدير عام"), "Turkey": ("Satış Müdürü", "Genel Müdür"),
    "Sweden": ("Säljchef", "VD"),
}  # fmt: skip

_OFFICE_GROUPS = (
    "Management", "Business and Financial Operations", "Computer and Mathematical", "Sales and Related",
    "Office and Administrative Support", "Architecture and Engineering", "Legal",
)  # fmt: skip
_GROUPS_BY_FUNCTION = {
    "Manufacturer": ("Production", "Installation, Maintenance, and Repair", "Transportation and Material Moving"),
    "Producer": ("Construction and Extraction", "Farming, Fishing, and Forestry", "Production"),
    "Developer": ("Construction and Extraction",),
    "Retailer": ("Sales and Related", "Food Preparation and Serving"),
    "Distributor": ("Transportation and Material Moving",),
    "Service Provider": ("Healthcare Practitioners and Technical", "Arts, Design, Entertainment, Sports, and Media"),
}  # fmt: skip


class Titles:
    """The titles of the sources, by group."""

    def __init__(self, source: Path) -> None:
        groups: dict[str, dict[str, None]] = defaultdict(dict)
        for name in (REPORTED_TITLES, ALTERNATE_TITLES):
            for row in read_rows(source / name):
                groups[row["soc_major_group"]].setdefault(row["title"])
        self._by_group = {group: list(titles) for group, titles in groups.items()}
        self._found = read_lines(source / FOUND_TITLES)
        office = [(title, group) for group in _OFFICE_GROUPS for title in self._by_group.get(group, ())]
        self._leading = [item for item in office if seniority_of(item[0]) in DECISIONS]

    def title(self, draw: Draw, country: str | None, functions: list[str], first: bool) -> Title:
        """A title at a company of these functions; the first contact of a company is more often at its head."""
        kind = draw.weighted(("common", "leading", "office", "trade", "found"), (24, 12, 38, 16, 10))
        if draw.chance(0.05) and country in FOREIGN:
            return draw.one(FOREIGN[country]), ""
        if first and draw.chance(0.5):
            return draw.one(COMMON[:18]), "Management"
        if kind == "common":
            return draw.one(COMMON), ""
        if kind == "leading" and self._leading:
            return draw.one(self._leading)
        if kind == "found" and self._found:
            return draw.one(self._found), ""
        trade = [group for function in functions for group in _GROUPS_BY_FUNCTION.get(function, ())]
        group = draw.one(trade) if kind == "trade" and trade else draw.one(_OFFICE_GROUPS)
        titles = self._by_group.get(group)
        return (draw.one(titles), group) if titles else (draw.one(COMMON), "")
