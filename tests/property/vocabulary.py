"""The words of random worlds: few, so that queries match, and awkward, so that they match in every way."""

from __future__ import annotations

from letrics.records import DERIVABLE, EmployeesRange

TITLES = (
    "Manager", "Finance Manager", "finance managers", "Head of Sales", "Head  of\u00a0Sales", "head of",
    "Sales", "CEO", "Co-Founder & CEO", "VP, Sales/Marketing", "R&D Manager", "R & D Manager", "C++ Developer",
    "C Developer", "c++", "C# / .NET Engineer", ".net", "Node.js Dev", "Sr. Engineer (Level 3)", "Engineer",
    "Engineering Manager", "e", "E.", "Straße", "STRASSE", "Strassenmeister", "Große Manager",
    "İstanbul Müdürü", "istanbul müdürü", "ışık", "ſenior dev", "Ｆｉｎａｎｃｅ　Ｍａｎａｇｅｒ",
    "ﬁnance oﬃcer", "K2 Kelvin", "\u212a2 Lead", "Ångström", "A\u030angstro\u0308m", "\u212bngstrom",
    "Ingénieur réseau", "Inge\u0301nieur re\u0301seau", "Ingenieur reseau", "Σίσυφος", "ΣΊΣΥΦΟΣ", "ΟΔΟΣ",
    "Οδός", "ᾳδης", "営業部長", "営業 部長", "ソフトウェアエンジニア", "ｿﾌﾄｳｪｱｴﾝｼﾞﾆｱ", "マネージャー", "经理",
    "高级经理", "软件工程师 (Senior)", "CTO兼開発部長", "부장", "\u1107\u116e\u110c\u1161\u11bc",
    "소프트웨어 엔지니어", "ผู้จัดการฝ่ายขาย", "ผู้จัดการ", "विक्रय प्रबंधक", "प्रबंधक", "مدير المبيعات", "ﷺ",
    "Chief 🚀 Officer", "🚀", "👩‍💻 Developer", "☎️ Support", "Ⅳ Level", "IV Level", "½ Manager", "㎏ Analyst",
    "①st Line", "Менеджер", "менеджер по продажам", "Ǆ Lead", "ǆ lead", "ŉ", "Ꭰ Ꭱ", "ꭰ", "a\u00adb", "a\u200bb",
    "x´y", "naïve…", "Łódź Lead", "Købmand", "Директор Йод", "x\u030cy Ops", "“Chief” of Staff", "l’Oréal Manager",
    "1.000", "1,000", "co_founder", "co founder", "Director—Ops", "Director-Ops", "D'Angelo",
    "D’Angelo", "%_\\", "\"Quoted\" 'x'", "a|b", "((", "--", "&",
)  # fmt: skip

DEPARTMENTS = (
    "Sales", "SALES ", "R&D", "Engineering", "Straßenbau", "STRASSENBAU", "人事", "ＨＲ", "HR",
    "Customer  Success",
)  # fmt: skip
SENIORITIES = ("C-Level", "c‑level", "Senior", "ſenior", "Junior", "İntern", "VP", "ＶＰ", "Ⅴ", "V")
FUNCTIONS = (
    "Manufacturer", "MANUFACTURER", "Service provider", "Service\u3000Provider", "Dealer", "卸売", "Großhandel",
)  # fmt: skip
INDUSTRIES = (
    "Software", "software", "Fintech", "FinTech", "Health Care", "Health  Care", "Banking", "銀行", "ﬁntech",
    "Bâtiment", "Ba\u0302timent",
)  # fmt: skip
TECHNOLOGIES = (
    "C", "C++", "C#", ".NET", "R", "React", "REACT", "Ｒeact", "Node.js", "Vue", "AWS", "ＡＷＳ", "日本語入力",
    "Go", "K8s", "Ruby on Rails", "Ruby  on Rails", "🦀", "SAP", "Ⓒ",
)  # fmt: skip

ENDINGS = (
    "com", "com", "com", "de", "co.uk", "uk", "io", "github.io", "myshopify.com", "com.au", "xn--p1ai",
    "xn--fiqs8s", "kobe.jp", "co.jp", "example", "blogspot.com", "org",
)  # fmt: skip
ASKED_ENDINGS = (
    "com", ".com", "COM", " .de", "co.uk", ".CO.UK", "uk", "io", "github.io", "рф", ".РФ", "xn--p1ai",
    "XN--P1AI", "中国", "xn--fiqs8s", "jp", "co.jp", "kobe.jp", "example", "org", "au", "com.au", "shopify",
    "nosuchtld", "c", "om",
)  # fmt: skip

PLACES: tuple[tuple[str | None, str | None, str | None, str | None], ...] = (
    ("Berlin", None, "Germany", None), ("Munich", "Bavaria", "Germany", None), (None, None, "Germany", None),
    ("San Francisco", "California", "United States", None), ("Austin", "Texas", "United States", "Austin, TX"),
    ("Chicago", "Illinois", "United States", None), ("New York City", "New York", "United States", None),
    (None, "New York", "United States", None), (None, "Georgia", "United States", None),
    (None, None, "Georgia", None), ("Tbilisi", None, "Georgia", None),
    ("London", "England", "United Kingdom", None), (None, None, "United Kingdom", None),
    ("Paris", None, "France", None), ("Paris", "Texas", "United States", None), ("Łódź", None, "Poland", None),
    ("Tokyo", None, "Japan", None), ("São Paulo", None, "Brazil", None), ("Seoul", None, "South Korea", None),
    ("Smallville", "Kansas", "United States", None), ("Nowhereham", None, "Germany", None),
    (None, None, None, "Atlantis"), (None, None, None, "Remote, Earth"),
    ("Springfield", "Illinois", "United States", None), ("Springfield", "Missouri", "United States", None),
    (None, None, "Côte d'Ivoire", None), (None, None, "Israel", None),
)  # fmt: skip
ASKED_PLACES = (
    "United States", "USA", "us", "US", "Germany", "Deutschland", "UK", "California, United States", "CA, US",
    "US-CA", "Bavaria, Germany", "Berlin, Germany", "BERLIN", "San Francisco, California, United States",
    "Austin, TX", "Chicago, IL", "Europe", "North America", "EU", "EEA", "DACH", "Nordics", "Benelux", "EMEA",
    "APAC", "LATAM", "Georgia", "Georgia, US", "New York, US", "New York, NY, US", "New York",
    "Korea, Republic of", "Paris", "Paris, France", "Paris, TX", "Lodz", "łódź, poland", "Sao Paulo", "東京",
    "Smallville, US", "Smallville, Kansas, US", "Nowhereham, DE", "Atlantis", "remote, earth", "Springfield",
    "Springfield, US", "Springfield, MO, US", "Cote d'Ivoire", "Israel", "Narnia", "Narnia, Germany",
    "Zürich, CH", "GE", "DE",
)  # fmt: skip

COMPANY_NAMES = ("Acme", "ACME GmbH", "Übermut", "Straßen & Co. KG", "日本商事", "acme (uk)", "C++ Soft", "Ａｃｍｅ")
ASKED_NAMES = (
    "acme",
    "ACME",
    "a",
    "gmbh",
    "&",
    "co.",
    "strassen & co",
    "日本",
    "商",
    "über",
    "(uk",
    "c++",
    "me g",
    "e",
    "&  CO",
)
FIRST_NAMES, LAST_NAMES = ("Jo", "José", "İpek", "Łucja"), ("Doe", "O'Neil", "O’Neil", "Groß", "山田", "Ødegård")
ASKED_PEOPLE = (
    "jose",
    "Lucja",
    "o'neil",
    "O’Neil",
    "odegard",
    "ødeg",
    "IPEK",
    "ıpek",
    "jo",
    "jo doe",
    "JOSÉ",
    "josé o'",
    "e",
    "groß",
    "GROSS",
    "é d",
    "ipek",
    "İPEK 山",
    "田",
    "'",
    "o d",
)
ASKED_WORDS = (
    "CTO", "chief executive officer", "Sr. Engineer", "Senior Engineer", "VP", "Vice President, Sales", "v.p.", "R&D",
    "Research and Development Manager", "c++", "c", "head of", "co-founder", "ＶＰ Sales", "manager finance", "&", "E",
    "human resources", "Müdürü",
)  # fmt: skip
BANDS = (
    None, EmployeesRange(1, 10), EmployeesRange(11, 50), EmployeesRange(13, 13), EmployeesRange(51, None),
    EmployeesRange(None, 9), EmployeesRange(0, 0),
)  # fmt: skip
EMPLOYEES = (None, 0, 1, 12, 13, 5_000_000)
YEARS = (None, 1899, 1999, 2000)

BY_FORM: dict[str, tuple[str, ...]] = {
    "text": DEPARTMENTS,
    "long_text": TITLES,
    "website": COMPANY_NAMES,
    "linkedin": COMPANY_NAMES,
    "texts": TECHNOLOGIES,
    "derived": DERIVABLE,
}
"""Texts of record fields without a vocabulary, by their form."""

UNKNOWN = (
    "nosuch", "zzz", "Fintec", "Sofware", "管理", "ß", "ss", "?", "xyzzy plugh", "l", "\u0301", "ｅ", "İ", "ı",
    "🙂",
)  # fmt: skip
"""Values that few records have."""

DAY = 86_400_000
_BASES = (0, -DAY, 1_709_164_800_000, 1_735_689_599_999, 1_735_689_600_000, -2_208_988_800_000, 951_782_400_000)
MOMENTS = (
    *(base + shift for base in _BASES for shift in (-1, 0, 1, DAY - 1, DAY, 43_200_000)),
    -62_135_596_800_000,
    253_402_300_799_999,
)
"""Boundary moments, ms: ends of days and years, a leap day, before 1970, and at last the first and last there are."""
