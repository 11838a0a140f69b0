"""Recognition of columns by their headers."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings

from letrics.ingest.columns import COLUMNS
from letrics.ingest.recognition import column_named, is_company, is_person, mentions_company, recognise
from letrics.records import KINDS, Kind
from tests.hostile import texts


@settings(deadline=None, max_examples=200)
@given(texts())
def test_any_column_name_is_known_or_not(name: str) -> None:
    for kind in COLUMNS:
        column = column_named(kind, name)
        assert column is None or column.member


@pytest.mark.parametrize(
    ("kind", "name", "member", "of_company"),
    [
        ("companies", "Founded Year", "founded_year", False),
        ("companies", " E-mail ", "emails", False),
        ("companies", "email", "emails", False),
        ("contacts", "First-Name", "first_name", False),
        ("contacts", "ID", "external_id", False),
        ("contacts", "Company Name", "name", True),
        ("contacts", "company_linkedin_url", "linkedin_url", True),
        ("contacts", "domain", "domain", True),
        ("contacts", "Employees Range", "employees_range", True),
        ("contacts", "company_employees_range", "employees_range", True),
        ("contacts", "City", "city", False),
        ("contacts", "company_city", "city", True),
        ("contacts", "locations", "locations", False),
        ("companies", "first_name", None, False),
        ("companies", "id", "id", False),
        ("companies", "tld", None, False),
    ],
)
def test_column_named_finds_spellings(kind: Kind, name: str, member: str | None, of_company: bool) -> None:
    column = column_named(kind, name)
    assert (column.member if column else None) == member
    assert column is None or column.of_company is of_company


def test_column_named_of_a_list_splits_its_text() -> None:
    lists = set()
    for name, column in COLUMNS["companies"].items():
        named = column_named("companies", name)
        assert named is not None and named.read is column.read
        with suppress(ValueError):
            if type(column.read("a@a.example; b@a.example")) is tuple:
                lists.add(name)
    assert lists == {"locations", "functions", "industries", "technologies", "emails", "email"}
    fields: tuple[tuple[Kind, str], ...] = (("companies", "functions"), ("contacts", "company_functions"))
    for kind, name in fields:
        split, column = column_named(kind, name), COLUMNS[kind][name]
        assert split is not None and split.read("a; b") == ("a", "b")
        assert (split.member, split.of_company) == (column.member, column.of_company)


@pytest.mark.parametrize("kind", KINDS)
def test_recognise_prefers_our_own_names(kind: Kind) -> None:
    for name in COLUMNS[kind]:
        field = name + "s" if name.endswith("email") else name
        assert recognise(kind, name.upper().replace("_", " ")) == ((field,), 0, ())


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Work Email", "emails"),
        ("Position", "job_title"),
        ("Direct Dial", "phone"),
        ("# Employees", "company_employees"),
        ("Company / Account", "company_name"),
        ("Person - Job title", "job_title"),
        ("Contact Full Name", "full_name"),
        ("Lead E-Mail", "emails"),
        ("Company Website", "company_website"),
        ("company.industry", "company_industries"),
        ("Industry (Company)", "company_industries"),
        ("Organization - Employee Count", "company_employees"),
        ("Account Headcount", "company_employees"),
        ("Firmen-Branche", "company_industries"),
        ("Pays de l'entreprise", "company_country"),
        ("Ciudad de la empresa", "company_city"),
        ("Settore azienda", "company_industries"),
        ("Site da empresa", "company_website"),
        ("Email 3", "emails"),
        ("Phone 7", "phone"),
        ("email (2)", "emails"),
        ("Vorname", "first_name"),
        ("PRÉNOM", "first_name"),
        ("Apellidos", "last_name"),
        ("Ruolo aziendale", "job_title"),
        ("Cargo", "job_title"),
        ("Achternaam", "last_name"),
        ("E-Mail-Adresse", "emails"),
        ("Courriel", "emails"),
        ("Correo electrónico", "emails"),
        ("Posta elettronica", "emails"),
        ("Telemóvel", "phone"),
        ("Aantal medewerkers", "company_employees"),
    ],
)
def test_recognise_a_contact_header_finds_its_field(header: str, field: str) -> None:
    found = recognise("contacts", header)
    assert found is not None and found.fields == (field,)


@pytest.mark.parametrize(
    "header",
    [
        "Contact Owner", "Account Owner", "Company owner", "Company Name for Emails", "Email Status", "Lead Status",
        "Company Phone", "Parent Company", "Previous Company", "Contact ID", "Person - ID", "Account ID",
        "Company Type", "Title 2", "Column 7", "Email Opt Out", "Annual Revenue", "Company Revenue", "Connected On",
        "Create Date", "Facebook Url", "#", "", "x" * 1000,
    ],
)  # fmt: skip
def test_recognise_does_not_use_other_facts(header: str) -> None:
    found = recognise("contacts", header)
    assert found is None or found.fields == ()


def test_recognise_ranks_columns_of_one_field() -> None:
    ordered = ["phone", "Work Direct Phone", "Mobile Phone", "Home Phone", "Corporate Phone"]
    ranks = [found.rank for header in ordered if (found := recognise("contacts", header))]
    assert ranks == sorted(set(ranks)) and len(ranks) == len(ordered)
    first, second = recognise("contacts", "Phone 1"), recognise("contacts", "phone (2)")
    assert first is not None and second is not None and 0 < second.rank <= 8


def test_recognise_keeps_fields_that_values_decide() -> None:
    found = recognise("contacts", "URL")
    assert found is not None and found.fields == ("linkedin_url", "company_website")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Domain (from Company)", "company_domain"),
        ("Primary Contact Name", "full_name"),
        ("primary_contact_primary_email", "emails"),
        ("Attendee Name", "full_name"),
        ("Employee LinkedIn", "linkedin_url"),
        ("Employee Count", "company_employees"),
        ("Job Title/Role", "job_title"),
        ("City or Town", "city"),
        ("City, State", "locations"),
        ("City/State/Zip", "locations"),
        ("PLZ / Ort", "locations"),
        ("First and Last Name", "full_name"),
        ("Vorname / Nachname", "full_name"),
        ("Company City, Company State", "company_locations"),
        ("Contact 1 Name", "full_name"),
        ("Contact 2 Name", None),
        ("Contact 1 Email", "emails"),
        ("Firma1", "company_name"),
        ("Name 1", "full_name"),
        ("City/Email", None),
        ("Name 2", None),
        ("Employee Growth", None),
    ],
)
def test_recognise_header_with_an_addition_or_alternatives(header: str, field: str | None) -> None:
    found = recognise("contacts", header)
    assert (found and found.fields[0]) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("organization.name", "company_name"),
        ("organization.primary_domain", "company_domain"),
        ("account.website_url", "company_website"),
        ("current_employer.industry", "company_industries"),
        ("worksFor.name", "company_name"),
        ("worksFor.url", "company_website"),
        ("properties.firstname", "first_name"),
        ("data.attributes.job_title", "job_title"),
        ("person.organization.estimated_num_employees", "company_employees"),
        ("contact.data.jobTitle.seniority", "seniority"),
        ("name.givenName", "first_name"),
        ("employment.title", "job_title"),
        ("employment.name", "company_name"),
        ("employment_history.organization_name", "company_name"),
        ("experience.company.name", "company_name"),
        ("experience.title.name", "job_title"),
        ("position.company.name", "company_name"),
        ("organizations.title", "job_title"),
        ("emails.address", "emails"),
        ("phone_numbers.sanitized_number", "phone"),
        ("technologies.name", "company_technologies"),
        ("linkedin.handle", "linkedin_url"),
        ("company.linkedin.handle", "company_linkedin_url"),
        ("location.locality", "city"),
        ("geo.countryCode", "country_code"),
        ("address.addressCountry.name", "country"),
        ("location.name", "locations"),
        ("organization.location.state", "company_region"),
        ("Account.BillingAddress.city", "company_city"),
        ("headquarters.city", "company_city"),
        ("founded_on.value", "company_founded_year"),
        ("org_id.name", "company_name"),
    ],
)
def test_recognise_a_field_in_objects_by_their_names(header: str, field: str) -> None:
    found = recognise("contacts", header)
    assert found is not None
    assert found.fields[0] == field


@pytest.mark.parametrize(
    "header",
    [
        "owner.name", "owner_id.email", "manager.name", "parent_company.domain", "school.name", "education.degree",
        "experience.summary", "experience.location.city", "location.geo", "twitter.handle", "source.name", "person.id",
        "organization.phone", "metadata.email_type", "a" + ".company" * 100 + ".name",
    ],
)  # fmt: skip
def test_recognise_no_field_in_other_objects(header: str) -> None:
    found = recognise("contacts", header)
    assert found is None or not found.fields


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("properties.name", "name"),
        ("organization.website_url", "website"),
        ("metrics.employees", "employees"),
        ("identifier.value", "name"),
        ("location.region", "region"),
        ("person.email", None),
        ("employment.title", None),
    ],
)
def test_recognise_a_field_of_a_company_in_objects(header: str, field: str | None) -> None:
    found = recognise("companies", header)
    assert (found.fields[0] if found and found.fields else None) == field


def test_recognise_prefers_titles_of_persons_to_those_of_jobs() -> None:
    ranks = [found.rank for name in ("title", "jobTitle.title", "employment_history.title")
             if (found := recognise("contacts", name)) is not None]  # fmt: skip
    assert ranks == [9, 2, 8]


@pytest.mark.parametrize(
    "owner",
    [
        "business", "corporate", "company", "organization", "employer", "account", "firm", "org", "company_info",
        "accountDetails", "Unternehmen", "properties.business", "person.business", "current_employer",
    ],
)  # fmt: skip
@pytest.mark.parametrize("member", ["email", "website", "linkedin_url", "name", "domain", "city", "phone", "id"])
def test_recognise_a_field_of_a_company_object_as_its_own(owner: str, member: str) -> None:
    found = recognise("contacts", f"{owner}.{member}")
    assert found is None or all(field.startswith("company_") for field in found.fields)
    if member in ("email", "website", "name"):
        assert found is not None and found.fields


@pytest.mark.parametrize("owner", ["work", "personal", "private", "home", "contact", "person", "contact_info"])
@pytest.mark.parametrize("member", ["email", "phone"])
def test_recognise_a_field_of_a_person_as_its_own(owner: str, member: str) -> None:
    found = recognise("contacts", f"{owner}.{member}")
    assert found is not None
    assert found.fields == ("emails" if member == "email" else "phone",)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("personal.linkedin_url", "linkedin_url"),
        ("personal.city", "city"),
        ("personal.website", None),
        ("personal.company", None),
        ("personal.id", None),
        ("work.company", "company_name"),
        ("work.title", "job_title"),
        ("work.city", "company_city"),
        ("office.email", None),
        ("office.city", "company_city"),
        ("user.email", "emails"),
        ("client.name", "company_name"),
        ("investor.name", None),
        ("company.socials.linkedin", "company_linkedin_url"),
        ("First.Name", "first_name"),
        ("Employee.Count", "company_employees"),
        ("Nr. Mitarbeiter", "company_employees"),
        ("business.email (2)", "company_emails"),
    ],
)
def test_recognise_whose_a_field_is_by_its_object(header: str, field: str | None) -> None:
    found = recognise("contacts", header)
    assert (found.fields[0] if found and found.fields else None) == field


@pytest.mark.parametrize(
    "owner", ["client", "customer", "kunden", "vendor", "supplier", "investor", "contact", "primary_contact", "people",
              "employee", "member", "user", "data.contact"],
)  # fmt: skip
@pytest.mark.parametrize("member", ["name", "email", "domain", "url", "website", "linkedin_url"])
def test_recognise_no_company_in_people_and_clients_in_it(owner: str, member: str) -> None:
    for outer in ("company", "organization", "data.company", "experience", "work"):
        found = recognise("contacts", f"{outer}.{owner}.{member}")
        assert found is None or not found.fields
        assert recognise("companies", f"{outer}.{owner}.{member}") in (None, ((), 0, ()))


@pytest.mark.parametrize(
    "owner",
    [
        "client", "clients", "customer", "vendor", "supplier", "partner", "investor", "parent", "parent_company",
        "owner", "brand", "Kunde", "Lieferant", "contact", "person", "lead", "acquirer", "competitor", "account_owner",
        "properties.client",
    ],
)  # fmt: skip
@pytest.mark.parametrize("member", ["name", "domain", "website", "email", "linkedin_url", "id", "linkedin.url"])
def test_recognise_no_identity_in_related_objects(owner: str, member: str) -> None:
    found = recognise("companies", f"{owner}.{member}")
    assert found is None or not found.fields


@pytest.mark.parametrize("links", ["socials", "profiles", "social_profiles", "links", "urls", "sameAs", "data.links"])
def test_recognise_links_by_the_names_of_sites(links: str) -> None:
    def fields(kind: Kind, name: str) -> tuple[str, ...]:
        found = recognise(kind, name)
        return () if found is None else found.fields

    for name in (links, f"{links}.url", f"{links}.value"):
        assert fields("contacts", name) == ("linkedin_url",)
        assert fields("companies", name) == ("linkedin_url", "website")
    assert fields("contacts", f"{links}.linkedin")[0] == "linkedin_url"
    assert fields("companies", f"{links}.website") == ("website",)
    assert not fields("contacts", f"{links}.website")
    for name in ("name", "site", "type", "network", "title", "email", "company", "twitter"):
        assert not fields("contacts", f"{links}.{name}")


def test_objects_are_companies_or_people_by_their_names() -> None:
    assert is_company("organization") and is_company("data.business") and is_company("corporate")
    assert not is_company("office") and not is_company("name") and not is_company("owner")
    assert is_person("contact") and is_person("data.person")
    assert not is_person("name") and not is_person("display_name") and not is_person("user")
    assert mentions_company("business.url") and mentions_company("person.employment.domain")
    assert not mentions_company("person.url")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("experiences/0/title (2)", "job_title"),
        ("basics/phone", "phone"),
        ("company.city (work)", "company_city"),
        ("business/0/email", "company_emails"),
        ("work.email (home)", "emails"),
        ("sameAs/0", "linkedin_url"),
        ("Social", "linkedin_url"),
    ],
)
def test_recognise_flattened_names_by_their_objects(header: str, field: str) -> None:
    found = recognise("contacts", header)
    assert found is not None and found.fields == (field,)
