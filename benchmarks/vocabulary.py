"""What benchmark data is made of: real words where a few will do, and rules that make many where many are needed."""

from __future__ import annotations

import random

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
    "Plan", "Pro", "Pulse", "Quick", "Rapid", "Rock", "Sales", "Scan", "Smart", "Snap", "Solar", "Spark", "Swift",
    "Tele", "Terra", "True", "Ultra", "Up", "Velo", "Vista", "Web", "Wise", "Zen", "Zoom",
)  # fmt: skip
_TECH_TAILS = (
    "Base", "Board", "Bot", "Box", "Bridge", "Bus", "Cache", "Cart", "Cast", "Chat", "Cloud", "Code", "Connect",
    "Console", "CRM", "Desk", "Dock", "Drive", "Engine", "ERP", "Express", "Factory", "Feed", "Force", "Forge",
    "Frame", "Gate", "Graph", "Guard", "Hub", "IQ", "JS", "Kit", "Lab", "Layer", "Logic", "Manager", "Matrix",
    "Metrics", "Mind", "Monitor", "OS", "Pad", "Pilot", "Point", "Port", "Press", "Print", "Queue", "Radar",
    "Scope", "Script", "Sense", "Server", "Shield", "Sign", "Space", "SQL", "Stack", "Stream", "Studio",
    "Suite", "Sync", "Tag", "Track",
)  # fmt: skip

TOP_TITLES = (
    "Manager", "Director", "CEO", "Owner", "Project Manager", "Sales Manager", "Software Engineer", "Account Manager",
    "Managing Director", "General Manager", "President", "Engineer", "Consultant", "Founder", "Sales Executive",
    "Vice President", "Operations Manager", "Marketing Manager", "Partner", "Business Development Manager",
    "Senior Software Engineer", "Administrative Assistant", "Chief Executive Officer", "Account Executive", "Teacher",
    "Accountant", "Co-Founder", "Product Manager", "Finance Manager", "Analyst", "Geschäftsführer", "HR Manager",
    "Senior Manager", "CTO", "CFO", "Office Manager", "Head of Marketing", "Head of Sales", "VP, Sales", "Recruiter",
    "Executive Assistant", "Senior Consultant", "Technician", "Regional Sales Manager", "IT Manager", "Owner/Operator",
    "Head of Finance", "Data Analyst", "Customer Service Representative", "Key Account Manager", "Business Analyst",
    "R&D Manager", "Chef de projet", "UX/UI Designer", "Supervisor", "Attorney", "Program Manager", "Designer",
    "Store Manager", "Director of Operations", "C++ Developer", ".NET Developer", "Registered Nurse", "Intern",
    "経理部長", "Менеджер по продажам", "总经理", "营业部经理", "Gerente comercial", "Vendedor", "Architect",
)  # fmt: skip
"""What people call themselves most, most usual first."""
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
ONSETS = (
    "b", "br", "c", "cl", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t",
    "tr", "v", "w", "z",
)  # fmt: skip
NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "io", "ou")
CODAS = ("", "", "l", "n", "r", "s", "t", "x", "nd", "rk", "st")


def technologies(count: int) -> list[str]:
    """`count` names, the common ones first."""
    made = [head + tail for tail in _TECH_TAILS for head in _TECH_HEADS]
    random.Random(4).shuffle(made)
    return [*TECHNOLOGIES, *made][:count]
