"""The script that makes the sample: the same bytes each time, from a tiny source in the form of the real ones."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

ROOT = Path(__file__).parents[2]

_SOURCE = {
    "companies_financedatabase.csv.gz":
        "name,domain,suffix,website,country,state,city,zipcode,sector,industry_group,industry,industry_taxonomy,"
        "market_cap_bucket,symbol,exchange\n"
        "Acme Works,acme.co.uk,co.uk,http://www.acme.co.uk,United Kingdom,,Leeds,,Industrials,Capital Goods,Machinery,"
        "gics-like,Large Cap,ACM,LSE\n"
        "Bravo Foods,bravo.com,com,http://www.bravo.com,United States,TX,Austin,,Staples,Food,Beverages,gics-like,"
        "Small Cap,BRV,NYQ\n"
        "A Page,page.github.io,io,http://page.github.io,France,,Lyon,,,,Software,gics-like,,PAGE,PAR\n",
    "companies_remoteintech.csv":
        "name,website,domain,suffix,region,remote_policy,company_size,technologies,technologies_text,"
        "office_locations_text,careers_url,added_at,updated_at\n"
        'Cirrus,https://cirrus.io,cirrus.io,io,europe,hybrid,small,python|go,"Python, Vue.js and K8s",'
        '"Berlin, Germany; Austin, TX",,2019-05-03,2019-06-06\n',
    "companies_cncf_landscape.csv":
        "name,homepage,domain,suffix,category,subcategory,joined,linkedin,twitter\n"
        "Delta (member),https://delta.dev,delta.dev,dev,CNCF Members,Silver,2021-02-01,,\n"
        "Tool,https://tool.dev,tool.dev,dev,Runtime,Tools,,,\n",
    "technologies_catalog_mit.csv":
        "name,categories,website,saas,oss,pricing,description\nWordPress,CMS,,,,,\nNginx,Web servers,,,,,\n",
    "onet_technologies.csv":
        "technology,commodity_title,hot_technology,occupations\nMinitab,Analytical or scientific software,Y,9\n",
    "onet_alternate_titles.csv.gz":
        "onet_soc,occupation,soc_major_group,title,short_title\n11-1,Chiefs,Management,Plant Director,\n",
    "onet_reported_titles.csv":
        "onet_soc,occupation,soc_major_group,title,shown_in_my_next_move\n"
        "41-1,Sellers,Sales and Related,Sales Clerk,Y\n",
    "job_titles_find_job_titles.txt.gz": "Lock Technician\nCake Decorator\n",
    "geonames_cities15000.csv.gz":
        "geonameid,name,country_code,admin1code,lat,lng,population,timezone,alternatenames\n"
        "1,Berlin,DE,16,0,0,3426354,Europe/Berlin,\n2,Austin,US,TX,0,0,961855,America/Chicago,\n",
    "geonames_admin1.csv":
        "code,country_code,admin1code,name,ascii_name,geonameid\nUS.TX,US,TX,Texas,Texas,3\n",
    "country_codes.csv":
        "ISO3166-1-Alpha-2,CLDR display name,UNTERM English Short\nDE,Germany,Germany\nUS,US,United States\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    for name, text in _SOURCE.items():
        data = text.encode()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder


def _build(source: Path, out: Path, hash_seed: str = "0") -> list[bytes]:
    command = [sys.executable, "-m", "scripts.build_sample", str(source), "--out", str(out), "--contacts", "60"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return [(out / f"{kind}.jsonl.gz").read_bytes() for kind in ("companies", "contacts")]


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return _build(source, tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def companies(built: list[bytes]) -> dict[str, dict[str, Any]]:
    rows = map(msgspec.json.decode, gzip.decompress(built[0]).splitlines())
    return {row["name"]: row for row in rows}


def test_two_runs_give_the_same_bytes(source: Path, built: list[bytes], tmp_path: Path) -> None:
    assert _build(source, tmp_path, hash_seed="7") == built


def test_facts_are_carried_over(companies: dict[str, dict[str, Any]]) -> None:
    cirrus = companies["Cirrus"]
    assert cirrus["technologies"] == ["Go", "Kubernetes", "Python", "Vue.js"]
    assert cirrus["locations"] == [
        {"city": "Berlin", "country": "Germany"},
        {"city": "Austin", "region": "Texas", "country": "United States"},
    ]
    assert cirrus["added_at"].startswith("2019-05-03")
    assert companies["Bravo Foods"]["locations"][0] == {"city": "Austin", "region": "Texas", "country": "United States"}
    assert companies["Acme Works"]["functions"] == ["Manufacturer"]
    assert companies["Delta"]["industries"] == ["Cloud Native Computing"]
    assert companies["Delta"]["added_at"].startswith("2021-02-01")


def test_tools_and_pages_on_shared_hosts_are_no_companies(companies: dict[str, dict[str, Any]]) -> None:
    assert not {"Tool", "A Page"} & companies.keys()


def test_every_contact_asked_for_is_made(built: list[bytes]) -> None:
    rows = [msgspec.json.decode(line) for line in gzip.decompress(built[1]).splitlines()]
    assert len(rows) == 60
    assert [row["id"] for row in rows] == [f"sample-{number:05d}" for number in range(1, 61)]
