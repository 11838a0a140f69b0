"""Rules that derive functions from a company's industries, and department and seniority from a title.

Each rule is a list of (pattern, result); for departments and seniorities the first pattern that matches wins.
"""

from __future__ import annotations

import re

_FUNCTIONS = (
    (r"machinery|auto|chemical|material|equipment|instruments|component|pharma|drug|device|steel|paper|textile|"
     r"apparel|packag|semiconductor|hardware|aerospace|building products|durables|beverage|food products|household|"
     r"metals|solar|biotech|electronic|furnish|manufactur|tobacco|aluminum", "Manufacturer"),
    (r"distribut|trading|wholesal|logistics", "Distributor"),
    (r"retail|stores|restaurant|leisure|dealership|grocery", "Retailer"),
    (r"software|information technology$|cloud native|gaming|internet content|interactive media", "Software Vendor"),
    (r"professional|consult|advis|it services|information technology services|research|engineering", "Consultancy"),
    (r"bank|insur|capital markets|financ|credit|asset management|mortgage|holding|reit|investment",
     "Financial Institution"),
    (r"utilit|electric|water|gas util|renewable|power|telecom|communication services|registr|airline|marine|rail|"
     r"freight|transport|health care providers|medical care|hospital|services|media|entertain|education|staffing|"
     r"waste", "Service Provider"),
    (r"real estate|construction|homebuilding", "Developer"),
    (r"oil|gas|mining|gold|coal|uranium|silver|copper|energy|agricultur|farm|forest", "Producer"),
)  # fmt: skip


def functions_of(industries: tuple[str, ...]) -> list[str]:
    """What kind of business a company of these industries does; at most three, none where no rule fits."""
    text = " | ".join(industries).lower()
    return [answer for pattern, answer in _FUNCTIONS if re.search(pattern, text)][:3]


_DEPARTMENTS = (
    (r"chief (executive|operating)|managing director|president\b(?!.*(of|,))|^ceo|geschäftsführ|founder|owner|"
     r"代表取締役|генеральный|directeur général|director general|managing partner", "Executive"),
    (r"sales|account executive|business development|vertrieb|ventas|vendas|commercial|key account|営業|продаж|المبيعات|"
     r"sprzedaży|revenue", "Sales"),
    (r"marketing|brand|advertis|public relations|communications? (manager|director|specialist|officer)|\bseo\b|"
     r"copywriter|social media|content|promotions", "Marketing"),
    (r"human resource|\bhr\b|recruit|talent|personnel|people|payroll|training|staffing|人事|benefits|compensation",
     "Human Resources"),
    (r"account(ant|ing|s)|financ|treasur|audit|controller|tax\b|budget|credit|billing|bookkeep|cfo|comptroller|経理|"
     r"actuar|loan|invest|główny księgowy", "Finance"),
    (r"legal|counsel|attorney|lawyer|compliance|paralegal|juris|patent|regulatory", "Legal"),
    (r"purchas|procure|buyer|sourcing|einkauf|vendor|compras", "Procurement"),
    (r"customer|client|support|help ?desk|call center|complaint", "Customer Service"),
    (r"quality|\bqa\b|\bqc\b|inspect|validation", "Quality"),
    (r"product (manager|owner|director|marketing|lead)|ux|user experience|designer|graphic", "Product and Design"),
    (r"software|developer|programmer|web|devops|開発|разработчик|entwickler", "Engineering"),
    (r"information (technology|security|systems)|\bit\b|network|database|systems? (analyst|engineer|administrator)|"
     r"data|cyber|security (analyst|engineer)|cio\b|cto\b|technology", "Information Technology"),
    (r"scien|research|laborator|clinical|r&d|chemist|biolog|statistic", "Research and Development"),
    (r"logistic|supply chain|warehouse|shipping|transport|freight|distribution|inventory|dispatch|truck|driver|fleet",
     "Logistics"),
    (r"engineer|architect|draft|technolog|mechanic|electric", "Engineering"),
    (r"secretary|assistant|office|administrat|clerk|reception", "Administration"),
    (r"plant|production|manufactur|operat|machin|weld|assembl|maint|process|facilit|mill|foreman|site", "Operations"),
)  # fmt: skip

_BY_GROUP = {
    "Production": "Operations",
    "Transportation and Material Moving": "Logistics",
    "Installation, Maintenance, and Repair": "Operations",
    "Construction and Extraction": "Operations",
    "Office and Administrative Support": "Administration",
    "Architecture and Engineering": "Engineering",
    "Life, Physical, and Social Science": "Research and Development",
    "Business and Financial Operations": "Operations",
    "Computer and Mathematical": "Information Technology",
    "Sales and Related": "Sales",
    "Legal": "Legal",
    "Food Preparation and Serving": "Operations",
    "Farming, Fishing, and Forestry": "Operations",
}


def department_of(title: str, group: str = "") -> str | None:
    """The department a title speaks of, else that of its occupational group (SOC major group), else None."""
    text = title.lower()
    for pattern, department in _DEPARTMENTS:
        if re.search(pattern, text):
            return department
    return _BY_GROUP.get(group)


_SENIORITIES = (
    (r"\bowner|founder|proprietor|inhaber", "Owner"),
    (r"\bchief (?!engineer|clerk|inspector)|\b(ceo|cfo|coo|cto|cio|cmo)\b|代表取締役|генеральный директор|^president|"
     r"geschäftsführ|directeur général|director general|managing director", "C-Level"),
    (r"vice[- ]president|\b[es]?vp\b", "VP"),
    (r"\bpartner\b", "Partner"),
    (r"^head\b|\bhead of\b|leit(er|ung)|部長", "Head"),
    (r"director|directeur|directora?\b|direttore|директор|مدير عام", "Director"),
    (r"manager|supervisor|superintendent|foreman|gerente|kierownik|team lead|руководитель|مدير|課長|responsab|"
     r"经理|經理|müdür", "Manager"),
    (r"intern\b|apprentice|trainee|praktikant|student", "Intern"),
    (r"\b(senior|sr\.?|principal|lead|staff)\b", "Senior"),
    (r"\b(junior|jr\.?|assistant|helper|aide|entry)\b", "Junior"),
)  # fmt: skip

DECISIONS = frozenset(("Owner", "C-Level", "VP", "Partner", "Head", "Director"))
"""The seniorities whose holders are marked as decision makers."""


def seniority_of(title: str) -> str:
    """The seniority a title speaks of; a plain one is Professional."""
    text = title.lower()
    return next((seniority for pattern, seniority in _SENIORITIES if re.search(pattern, text)), "Professional")
