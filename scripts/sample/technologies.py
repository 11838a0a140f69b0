"""Which technologies a company uses: those its source names, else drawn by a rule from two catalogues of real names."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from scripts.sample.draw import Draw
from scripts.sample.sources import OFFICE_TECHNOLOGIES, WEB_TECHNOLOGIES, Firm, read_rows

_TAGS = {
    "javascript": "JavaScript", "cloud": None, "devops": None, "sql": "SQL", "python": "Python", "go": "Go",
    "ruby": "Ruby", "java": "Java", "mobile": None, "php": "PHP", "nosql": "NoSQL", "ml": "Machine Learning",
    "dotnet": ".NET", "data": None, "search": None, "infrastructure": None, "linux": "Linux", "graphql": "GraphQL",
    "scala": "Scala", "api": None, "elixir": "Elixir", "rust": "Rust", "react": "React", "aws": "Amazon Web Services",
    "typescript": "TypeScript", "nodejs": "Node.js", "azure": "Microsoft Azure", "react-native": "React Native",
    "kubernetes": "Kubernetes", "swift": "Swift", "postgres": "PostgreSQL", "docker": "Docker", "angular": "Angular",
    "vue": "Vue.js", "flutter": "Flutter",
}  # fmt: skip

_SPELLINGS = {
    "C++": "c++", "C#": "c#", "AWS": "aws|amazon web services", "Google Cloud": "gcp|google cloud",
    "Kubernetes": "kubernetes|k8s", "Terraform": "terraform", "Ansible": "ansible", "Docker": "docker",
    "PostgreSQL": "postgresql|postgres", "MySQL": "mysql", "MongoDB": "mongodb|mongo", "Redis": "redis",
    "Elasticsearch": "elasticsearch", "Apache Kafka": "kafka", "Apache Spark": "spark", "RabbitMQ": "rabbitmq",
    "React": "react|reactjs|react.js", "React Native": "react native", "Vue.js": "vue|vuejs|vue.js|vue js",
    "Angular": "angular|angularjs", "Node.js": "node|nodejs|node.js", "Next.js": "nextjs|next.js",
    "NestJS": "nestjs|nest.js", "TypeScript": "typescript", "Ruby on Rails": "rails|ruby on rails",
    "Django": "django", "Flask": "flask", "FastAPI": "fastapi", "Laravel": "laravel", "Symfony": "symfony",
    "WordPress": "wordpress", "Drupal": "drupal", "Magento": "magento", "Shopify": "shopify", "Sass": "sass",
    "Bootstrap": "bootstrap", "Nginx": "nginx", "Jenkins": "jenkins", "Git": "git", "GraphQL": "graphql",
    "Kotlin": "kotlin", "Swift": "swift", "Scala": "scala", "Clojure": "clojure", "Haskell": "haskell",
    "Elixir": "elixir", "Erlang": "erlang", "Rust": "rust", "Perl": "perl", "Spring Boot": "spring boot|spring",
    "Snowflake": "snowflake", "Prometheus": "prometheus", "Grafana": "grafana", "Cassandra": "cassandra",
    "Salesforce": "salesforce", "Heroku": "heroku", "Vercel": "vercel", "Cloudflare": "cloudflare",
    "Flutter": "flutter", "Svelte": "svelte", "Ember.js": "ember|ember.js|emberjs", "jQuery": "jquery",
    "Microsoft Azure": "azure", "Unity": "unity", "TensorFlow": "tensorflow", "PyTorch": "pytorch",
}  # fmt: skip
_WELL_KNOWN = (
    "Google Analytics", "Google Tag Manager", "jQuery", "WordPress", "Cloudflare", "Nginx", "Apache", "OneTrust",
    "Shopify", "HubSpot", "Salesforce", "Stripe", "PayPal", "Zendesk", "Intercom", "Drupal", "Magento", "Joomla",
    "Adobe Analytics", "Matomo Analytics", "Akamai", "Fastly", "Microsoft ASP.NET", "IIS",
    "Adobe Experience Manager", "TYPO3 CMS", "Wix", "Squarespace", "WooCommerce", "Klarna Checkout", "Adyen",
    "Trustpilot", "Cookiebot", "Tealium", "Modernizr", "Lodash", "core-js", "Marketo", "Pardot",
    "Calendly", "LiveChat", "Tawk.to", "Drift", "reCAPTCHA", "Auth0", "Okta", "Heroku", "Vercel", "Netlify",
    "Amazon Web Services", "PostgreSQL", "MySQL", "MongoDB", "Redis", "React", "Vue.js", "Angular", "Next.js", "PHP",
    "Python", "Java", "Ruby", "Node.js", "Typeform", "Google Maps", "Afterpay",
)  # fmt: skip
_RANK = {name: rank for rank, name in enumerate(dict.fromkeys((*_WELL_KNOWN, *_SPELLINGS)))}

_NAMED = [
    (name, re.compile(rf"(?<![\w.+#-])(?:{'|'.join(map(re.escape, words.split('|')))})(?![\w+#])", re.IGNORECASE))
    for name, words in _SPELLINGS.items()
]

_BY_FUNCTION = {
    "Manufacturer": ("Computer aided design CAD software", "Enterprise resource planning ERP software",
                     "Materials requirements planning logistics and supply chain software"),
    "Retailer": ("Ecommerce", "Payment processors", "Reviews", "Buy now pay later"),
    "Distributor": ("Ecommerce", "Shipping carriers", "Enterprise resource planning ERP software"),
    "Software Vendor": ("JavaScript frameworks", "PaaS", "Databases", "Programming languages", "CI", "Issue trackers"),
    "Consultancy": ("CRM", "Marketing automation", "Surveys", "Project management software"),
    "Financial Institution": ("Security", "Financial analysis software", "Authentication", "Accounting software"),
    "Service Provider": ("Live chat", "CRM", "Appointment scheduling", "Email"),
    "Developer": ("Maps", "Computer aided design CAD software", "Project management software"),
    "Producer": ("Map creation software", "Analytical or scientific software"),
}  # fmt: skip
_EVERYONE = ("CMS", "Analytics", "CDN", "JavaScript libraries", "Web servers", "Marketing automation", "Advertising")


class Technologies:
    """The two catalogues by category, the better known names first."""

    def __init__(self, source: Path) -> None:
        self._by_category: dict[str, list[str]] = defaultdict(list)
        for row in read_rows(source / WEB_TECHNOLOGIES):
            for category in row["categories"].split("|"):
                self._by_category[category].append(row["name"])
        for names in self._by_category.values():
            # The catalogue does not say how common a technology is: the well-known come first, the rest in an order
            # drawn once.
            names.sort(key=lambda name: (_RANK.get(name, len(_RANK)), Draw("technology", name).number()))
        office = sorted(read_rows(source / OFFICE_TECHNOLOGIES), key=lambda row: -int(row["occupations"]))
        for row in office:
            if row["hot_technology"] == "Y":
                name = row["technology"].removesuffix(" software").replace("Adobe Systems Adobe", "Adobe")
                self._by_category[row["commodity_title"]].append(name)

    def of(self, firm: Firm, functions: list[str]) -> list[str]:
        """The technologies of a company: real where its source names some; otherwise about three in four companies
        have up to a dozen, drawn from the categories that suit every company and its functions."""
        named = {_TAGS.get(tag, tag) for tag in firm.technology_tags} - {None}
        named |= {name for name, pattern in _NAMED if pattern.search(firm.technology_text)}
        if named:
            return sorted(name for name in named if name)
        draw = Draw("technologies", firm.domain)
        if firm.source == "remote" or draw.chance(0.25):
            return []
        categories = [*draw.some(_EVERYONE, draw.between(1, 5))]
        for function in functions:
            categories += draw.some(_BY_FUNCTION.get(function, ()), 2)
        found: dict[str, None] = {}
        for category in categories:
            for name in draw.some(self._by_category.get(category, ()), draw.between(1, 2), skew=3.0):
                found.setdefault(name)
        if draw.chance(0.3):
            found.setdefault("Google Tag Manager")
        return list(found)
