"""Errors in the words of the page."""

from __future__ import annotations

import pytest

from letrics.web.importing.page_words import page_words, suggested_encoding


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.csv: line 2 is not UTF-8: pass encoding=cp1252.",
         "a.csv: line 2 is not UTF-8: choose the encoding cp1252 under Options."),
        ("a.csv: it is unclear: pass kind=companies or kind=contacts",
         "a.csv: it is unclear: choose what the file has under Options."),
        ("a.csv: the column LinkedIn can be both: add map='LinkedIn=linkedin_url' or "
         "map='LinkedIn=company_linkedin_url' (map='LinkedIn=' ignores it)",
         "a.csv: the column LinkedIn can be both: choose “LinkedIn URL” or “Company LinkedIn URL” for it below."),
        ("a.csv: none of its columns (Mehl, Nam) identifies a contact: "
         "did you mean map='Mehl=emails' map='Nam=full_name'?",
         "a.csv: none of its columns (Mehl, Nam) identifies a contact: "
         "choose “Emails” for the column Mehl or “Full name” for the column Nam below."),
        ("a.csv: none of its columns (x) identifies a contact: pass map='COLUMN=FIELD'",
         "a.csv: none of its columns (x) identifies a contact: choose the field of a column below."),
        ("a.csv: check the ids, or add --yes if the names are right (over HTTP, confirm_renames=true)",
         "a.csv: check the ids, or upload the file again and allow many changed names under Options"),
        ("The file cannot be imported: a.csv is damaged.", "The file cannot be imported: a.csv is damaged."),
    ],
)  # fmt: skip
def test_page_words_replace_parameters_of_the_api(text: str, words: str) -> None:
    assert page_words(text) == words


def test_suggested_encoding_is_that_of_the_error() -> None:
    assert suggested_encoding("line 2 is not UTF-8: pass encoding=cp1252.") == "cp1252"
    assert suggested_encoding("the file is empty") == ""
