"""When changes of names have to be confirmed, and how they are described."""

from __future__ import annotations

import pytest

from letrics.store.name_changes import ManyNamesChange, NameChange, NameChanges, refuse_many


@pytest.mark.parametrize(
    ("matched", "changed", "many"),
    [(4, 4, False), (5, 5, True), (500, 5, False), (499, 5, True), (10_000, 100, False), (10_000, 101, True),
     (0, 0, False)],
)  # fmt: skip
def test_more_than_one_in_a_hundred_are_many(matched: int, changed: int, many: bool) -> None:
    changes = NameChanges("contacts", matched, changed)
    assert changes.are_many == many
    if many:
        with pytest.raises(ManyNamesChange):
            refuse_many(changes)
    else:
        refuse_many(changes)


def test_description_has_counts_and_examples() -> None:
    text = str(NameChanges("contacts", 1_000, 20, (NameChange("Ann", "Bob"), NameChange("Cy", None))))
    assert "the name of 20 of the 1,000 contacts that they match" in text
    assert "“Ann” → “Bob”" in text
    assert "“Cy” → no name" in text
