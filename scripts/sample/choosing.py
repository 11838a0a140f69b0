"""Which companies the sample holds: every one of the small sources, and listed ones from every country there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from letrics.normalize.domain import registrable_domain
from scripts.sample.draw import Draw
from scripts.sample.sources import Firm, landscape_firms, listed_firms, own_domain, remote_firms

INTERNATIONAL = (
    # Organisations known under an internationalised name: four registries by their own top-level domains, two cities.
    Firm("by hand", "Координационный центр доменов .RU/.РФ", "кц.рф", "https://кц.рф", "Russia", "", "Moscow",
         ("Internet Registries",)),
    Firm("by hand", "中国互联网络信息中心", "中国互联网络信息中心.中国", "http://中国互联网络信息中心.中国",
         "China", "", "Beijing", ("Internet Registries",)),
    Firm("by hand", "한국인터넷정보센터", "한국인터넷정보센터.한국", "https://한국인터넷정보센터.한국",
         "South Korea", "", "", ("Internet Registries",)),
    Firm("by hand", "มูลนิธิศูนย์สารสนเทศเครือข่ายไทย", "ทีเอชนิค.ไทย", "https://ทีเอชนิค.ไทย", "Thailand", "", "Bangkok",
         ("Internet Registries",)),
    Firm("by hand", "muenchen.de", "münchen.de", "https://www.münchen.de", "Germany", "", "München", ("Media",)),
    Firm("by hand", "koeln.de", "köln.de", "https://www.köln.de", "Germany", "", "Köln", ("Media",)),
)  # fmt: skip


def choose_firms(source: Path, count: int) -> list[Firm]:
    """`count` companies at most, one a domain: the international, the remote and the landscape ones, then listed ones.

    If two sources name one domain, the first wins; missing industries and a missing date come from the second.
    """
    chosen: dict[str, Firm] = {}
    for firm in (*INTERNATIONAL, *remote_firms(source), *landscape_firms(source)):
        domain = registrable_domain(firm.domain) if firm.source == "by hand" else own_domain(firm.domain)
        if domain is None or not firm.name.strip():
            continue
        known = chosen.get(domain)
        if known is None and len(chosen) < count:
            chosen[domain] = replace(firm, domain=domain)
        elif known is not None:
            both = tuple(dict.fromkeys((*known.industries, *firm.industries)))
            chosen[domain] = replace(known, industries=both, added=known.added or firm.added)
    for firm in _spread(listed_firms(source), count - len(chosen), chosen.keys()):
        chosen[firm.domain] = firm
    return list(chosen.values())


def _spread(firms: Iterable[Firm], count: int, taken: Iterable[str]) -> list[Firm]:
    """`count` firms, each country with a share that grows slower than its number: small countries are seen too."""
    skip = set(taken)
    by_country: dict[str, list[tuple[float, Firm]]] = defaultdict(list)
    for firm in firms:
        domain = own_domain(firm.domain)
        if domain is None or domain in skip or not firm.country:
            continue
        skip.add(domain)
        by_country[firm.country].append((Draw("choose", domain).number(), replace(firm, domain=domain)))
    order: list[tuple[float, str, Firm]] = []
    for country, group in by_country.items():
        group.sort(key=lambda item: (item[0], item[1].domain))
        order += [((place + 0.5) / len(group) ** 0.6, country, firm) for place, (_, firm) in enumerate(group)]
    order.sort(key=lambda item: (item[0], item[1], item[2].domain))
    return [firm for _, _, firm in order[: max(count, 0)]]
