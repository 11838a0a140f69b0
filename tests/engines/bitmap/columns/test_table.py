"""Record tables: any text and number makes facts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.records import Email, Place, encode
from tests.engines.bitmap.log import company, contact

texts = st.text(max_size=12) | st.sampled_from(["", " ", "@", ".", "a@", "@b", "\x00", "xn--", "co.uk"])


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts, texts, st.integers()), min_size=1, max_size=5))
def test_column_store_any_text_and_number_makes_facts(rows: list[tuple[str, str, str, int]]) -> None:
    columns = ColumnStore(DEFAULT_COSTS)
    nums = list(range(len(rows)))
    columns.put_companies(
        np.array(nums, np.uint32),
        [
            encode(
                company(
                    "a.example", name=a, tld=b, industries=(a, b), locations=(Place(city=a, country=b, text=c),),
                    emails=(Email(a, "generic"),), linkedin_url=c, employees=n, founded_year=n,
                )
            )
            for a, b, c, n in rows
        ],
    )  # fmt: skip
    columns.put_contacts(
        np.array(nums, np.uint32),
        np.array(nums, np.uint32),
        [
            encode(contact(a, full_name=a, job_title=b, department=c, emails=(Email(b, "personal"),), linkedin_url=c))
            for a, b, c, _ in rows
        ],
    )
    assert columns.companies.alive.take(np.array(nums)).all() and columns.contacts.alive.take(np.array(nums)).all()
