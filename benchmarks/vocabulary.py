"""What benchmark data is made of: real words where a few will do, and rules that make many where many are needed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

DEPARTMENTS = (
    "Sales", "Engineering", "Operations", "Marketing", "Finance", "Human Resources", "Information Technology",
    "Customer Success", "Legal", "Product", "Research", "Procurement", "Manufacturing", "Quality", "Logistics",
    "Design", "Data", "Security", "Administration", "Communications", "Education", "Health", "Consulting",
    "Real Estate",
)  # fmt: skip
SENIORITIES = (
    "Individual contributor", "Senior", "Manager", "Director", "Entry", "VP", "Head", "C-Level", "Owner",
    "Partner",
)  # fmt: skip
FUNCTIONS = (
    "Service provider", "Manufacturer", "Retailer", "Distributor", "Wholesaler", "Agency", "Software vendor",
    "Consultancy", "Marketplace", "Non-profit", "Public body", "Holding",
)  # fmt: skip
INDUSTRIES = (
    "Software", "Banking", "Hospitals", "Retail", "Construction", "Insurance", "Real Estate",
    "Telecommunications", "Fintech", "Logistics", "Automotive", "Food Production", "Restaurants", "Hospitality",
    "Pharmaceuticals", "Biotechnology", "Medical Devices", "Machinery", "Chemicals", "Plastics", "Textiles",
    "Apparel", "Furniture", "Mining", "Oil and Gas", "Renewable Energy", "Utilities", "Water Supply",
    "Waste Management", "Agriculture", "Fishing", "Forestry", "Paper", "Printing", "Publishing", "Broadcasting",
    "Music", "Film", "Games", "Sports", "Fitness", "Travel", "Airlines", "Aerospace", "Defence", "Shipping",
    "Railways", "Trucking", "Warehousing", "E-commerce", "Advertising", "Public Relations", "Market Research",
    "Management Consulting", "Accounting", "Law Practice", "Staffing", "Training", "Higher Education",
    "Primary Education", "E-learning", "Libraries", "Museums", "Charities", "Religion", "Government", "Courts",
    "Police", "Military", "Architecture", "Civil Engineering", "Industrial Design", "Graphic Design",
    "Photography", "Event Services", "Facilities", "Security Services", "Cleaning", "Landscaping", "Veterinary",
    "Dentistry", "Mental Health", "Elderly Care", "Child Care", "Cosmetics", "Luxury Goods", "Jewelry", "Toys",
    "Sporting Goods", "Electronics", "Semiconductors", "Computer Hardware", "Networking", "Computer Security",
    "Cloud Services", "Data Centers", "Internet", "Robotics", "Nanotechnology", "Venture Capital",
    "Private Equity", "Investment Management", "Asset Leasing", "Payments", "Wine and Spirits", "Dairy",
    "Bakeries", "Tobacco", "Packaging", "Glass", "Ceramics", "Metals", "Shipbuilding", "Elevators",
    "Translation", "Think Tanks",
)  # fmt: skip
TECHNOLOGIES = (
    "Google Analytics", "WordPress", "jQuery", "React", "PHP", "nginx", "Cloudflare", "MySQL", "Salesforce",
    "HubSpot", "Node.js", "Microsoft 365", "Google Workspace", "AWS", "Apache", "Shopify", "Vue.js", "Angular",
    "Bootstrap", "C++", "C#", ".NET", "Java", "Python", "Go", "R", "C", "Kubernetes", "Docker", "PostgreSQL",
    "Redis", "MongoDB", "Elasticsearch", "SAP", "Oracle", "Jira", "Slack", "Zendesk", "Stripe", "Magento",
)  # fmt: skip
_TECH_HEADS = (
    "Acu", "Ada", "Agi", "Air", "Apex", "Arc", "Atlas", "Beam", "Blue", "Bright", "Chart", "Clear", "Click",
    "Core", "Cyber", "Data", "Deep", "Dyna", "Echo", "Edge", "Ever", "Fast", "Flex", "Flow", "Form", "Fuse",
    "Geo", "Grid", "Hyper", "Info", "Inter", "Jet", "Key", "Lead", "Light", "Link", "Live", "Loop", "Mail",
    "Map", "Meta", "Micro", "Mind", "Net", "Nova", "Omni", "Open", "Opti", "Page", "Path", "Pay", "Pixel",
    "Plan", "Pro", "Pulse", "Quick", "Rapid", "Rock", "Sales", "Scan",
)  # fmt: skip
_TECH_TAILS = (
    "Base", "Board", "Bot", "Box", "Bridge", "Bus", "Cache", "Cart", "Cast", "Chat", "Cloud", "Code", "Connect",
    "Console", "CRM", "Desk", "Dock", "Drive", "Engine", "ERP", "Express", "Factory", "Feed", "Force", "Forge",
    "Frame", "Gate", "Graph", "Guard", "Hub", "IQ", "JS", "Kit", "Lab", "Layer", "Logic", "Manager", "Matrix",
    "Metrics", "Mind", "Monitor", "OS", "Pad", "Pilot", "Point", "Port", "Press", "Print", "Queue", "Radar",
    "Scope", "Script", "Sense", "Server", "Shield", "Sign", "Space", "SQL", "Stack", "Stream", "Studio",
    "Suite", "Sync", "Tag", "Track",
)  # fmt: skip

LEVELS = (
    "", "", "", "", "Senior ", "Junior ", "Lead ", "Principal ", "Chief ", "Head of ", "VP ",
    "Vice President, ", "Assistant ", "Associate ", "Deputy ", "Global ", "Regional ", "Interim ", "Sr. ",
    "Jr. ", "Staff ", "Executive ", "Group ",
)  # fmt: skip
SUBJECTS = (
    "Sales", "Marketing", "Finance", "Software", "Data", "Product", "Project", "Account", "Customer",
    "Operations", "HR", "R&D", "IT", "Quality", "Supply Chain", "Business Development", "Human Resources",
    "Machine Learning", "C++", ".NET", "Node.js", "UX/UI", "Legal", "Field", "Technical", "Clinical",
    "Research", "Content", "Design", "Network", "Security", "Cloud", "Risk", "Tax", "Audit", "Plant",
    "Production", "Maintenance", "Safety", "Environmental", "Civil", "Mechanical", "Electrical", "Chemical",
    "Process", "Systems",
)  # fmt: skip
ROLES = (
    "Manager", "Engineer", "Director", "Analyst", "Specialist", "Consultant", "Coordinator", "Developer",
    "Executive", "Assistant", "Associate", "Officer", "Administrator", "Supervisor", "Representative",
    "Advisor", "Architect", "Designer", "Technician", "Planner", "Controller", "Partner", "Strategist",
    "Trainer", "Scientist", "Buyer", "Recruiter", "Accountant", "Auditor", "Operator",
)  # fmt: skip
OTHER_TITLES = (
    "CEO", "CTO", "CFO", "COO", "Founder", "Co-Founder & CEO", "Owner", "Partner", "President",
    "Geschäftsführer", "Leiter Vertrieb", "Vertriebsleiter", "Einkäufer", "Ingénieur d'affaires",
    "Directeur général", "Chef de projet", "Responsable marketing", "Director comercial", "Jefe de ventas",
    "Gerente de proyecto", "Direttore vendite", "Ingegnere", "Diretor de vendas", "Gerente comercial",
    "Projektledare", "Kierownik sprzedaży", "Менеджер по продажам", "Генеральный директор", "営業部長",
    "代表取締役", "ソフトウェアエンジニア", "プロジェクトマネージャー", "经理", "总经理", "软件工程师",
    "销售总监", "대표이사", "영업부장", "소프트웨어 엔지니어", "ผู้จัดการฝ่ายขาย", "विक्रय प्रबंधक",
    "مدير المبيعات", "Satış Müdürü", "İnsan Kaynakları Uzmanı",
)  # fmt: skip
_JOINTS = (" - ", ", ", " / ", " (", " | ", " & ", " – ", " @ ")
_ONSETS = (
    "b", "br", "c", "cl", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t",
    "tr", "v", "w", "z",
)  # fmt: skip
_NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "io", "ou")
_CODAS = ("", "", "l", "n", "r", "s", "t", "x", "nd", "rk", "st")

FIRST_NAMES = (
    "Ada", "Ben", "Chloé", "David", "Emma", "Fatima", "Goran", "Hana", "Ivan", "Jane", "Kofi", "Lucía", "Mei",
    "Noah", "Olga", "Pedro", "Qi", "Rosa", "Søren", "Tom", "Uma", "Vera", "Wei", "Yuki", "Zoë",
)  # fmt: skip


def technologies(count: int) -> list[str]:
    """`count` names, the common ones first."""
    made = [head + tail for tail in _TECH_TAILS for head in _TECH_HEADS]
    random.Random(4).shuffle(made)
    return [*TECHNOLOGIES, *made][:count]


def rare_words(rng: random.Random, count: int) -> list[str]:
    """`count` distinct invented words, as project, product and team names are."""
    found: dict[str, None] = {}
    while len(found) < count:
        parts = rng.choice((1, 2, 2, 3))
        word = "".join(rng.choice(_ONSETS) + rng.choice(_NUCLEI) + rng.choice(_CODAS) for _ in range(parts))
        found[word.capitalize()] = None
    return list(found)


def titles(rng: random.Random, count: int, given: Path | None) -> list[str]:
    """`count` distinct job titles, the common ones first; `given` is a file of real titles, one a line."""
    found = dict.fromkeys([*OTHER_TITLES, *(f"{subject} {role}" for role in ROLES for subject in SUBJECTS)])
    if given is not None:
        real = [line.strip() for line in given.read_text("utf-8").splitlines() if line.strip()]
        found |= dict.fromkeys(real)
    common = list(found)
    rng.shuffle(common)
    found = dict.fromkeys(common[:count])
    for title in _made(rng, common, rare_words(rng, min(60_000, max(1000, count // 4)))):
        if len(found) >= count:
            break
        found[title] = None
    return list(found)


def _made(rng: random.Random, common: Sequence[str], rare: Sequence[str]) -> Iterator[str]:
    while True:
        title = rng.choice(LEVELS) + rng.choice(common)
        shape = rng.random()
        if shape < 0.35:
            joint = rng.choice(_JOINTS)
            title += joint + rng.choice(SUBJECTS) + (")" if joint == " (" else "")
        elif shape < 0.75:
            joint = rng.choice(_JOINTS)
            title += joint + rng.choice(rare) + (")" if joint == " (" else "")
        elif shape < 0.8:
            title += " " + rng.choice(("I", "II", "III", "IV", "2", "3", "EMEA", "APAC", "DACH", "North", "South"))
        elif shape < 0.83:
            title = title.upper()
        elif shape < 0.86:
            title = title.lower()
        elif shape < 0.9:
            title += " " + rng.choice(OTHER_TITLES)
        yield title
