"""Markdown to HTML: escaping, ids, links, tables and code blocks."""

from __future__ import annotations

import pytest

from letrics.web.docs.markdown import PagePart, convert


def html(source: str, linked: frozenset[str] = frozenset()) -> str:
    """The HTML of a page, without code blocks. Links to `there.md` lead to /there; all others have no URL."""
    page = convert(f"# Title\n\n{source}", lambda target: "/there" if target == "there.md" else None, linked)
    return "".join(part.text for part in page.parts if part.kind == "html").partition("</h1>\n")[2]


def test_convert_returns_the_title() -> None:
    assert convert("# The `x` page\n", lambda target: target).title == "The x page"


@pytest.mark.parametrize("source", ["<script>alert(1)</script>", "a <b onclick=x>b</b>", "<img src=x>"])
def test_convert_html_is_escaped(source: str) -> None:
    text = html(source)
    assert "<script" not in text and "<b" not in text and "<img" not in text
    assert "&lt;" in text


def test_convert_comment_is_dropped() -> None:
    assert html("<!-- one\ntwo -->\n\nText.") == "<p>Text.</p>\n"


@pytest.mark.parametrize(
    ("heading", "id"),
    [
        ("Host names", "host-names"),
        ("`POST /v1/contacts/{id}`", "post-v1contactsid"),
        ("GET, not POST?", "get-not-post"),
        ("`job_titles`", "job_titles"),
    ],
)
def test_convert_heading_has_the_id_of_github(heading: str, id: str) -> None:
    text = html(f"## {heading}")
    assert text.startswith(f'<h2 id="{id}">')
    assert f'<a class="anchor" href="#{id}"' in text


def test_convert_repeated_headings_have_different_ids() -> None:
    text = html("## A\n\n## A\n\n## A")
    assert [f'id="{id}"' in text for id in ("a", "a-1", "a-2")] == [True] * 3


def test_convert_id_comment_adds_an_id_to_the_heading() -> None:
    assert html("<!-- id: old -->\n\n## New").startswith('<h2 id="new"><span id="old"></span>New')


def test_convert_links_are_resolved_or_become_text() -> None:
    assert html("[a](there.md) [`b`](../b.md)") == '<p><a href="/there">a</a> <code>b</code></p>\n'


def test_convert_script_url_is_no_link() -> None:
    assert (
        "<a" not in convert("# T\n\n[a](javascript:alert(1))", lambda target: target).parts[0].text.partition("/h1")[2]
    )


def test_convert_path_of_the_server_becomes_a_link() -> None:
    text = html("`/there` [`/there`](there.md) `/other`", frozenset({"/there"}))
    link = '<a href="/there"><code>/there</code></a>'
    assert text == f"<p>{link} {link} <code>/other</code></p>\n"


def test_convert_table_scrolls_and_its_rows_have_ids() -> None:
    text = html("## Some\n\n| Name | Meaning |\n| --- | --- |\n| `a_b` | x\\|y |\n| `--c` | z |\n")
    assert '<div class="scroll" tabindex="0" role="region" aria-label="Some">' in text
    assert '<th scope="col">Name</th>' in text
    assert '<tr id="a_b">' in text and text.count("<tr id") == 1
    assert "x|y" in text


def test_convert_row_id_does_not_repeat_that_of_a_heading() -> None:
    text = html("| A | B |\n| --- | --- |\n| `name` | x |\n| `name` | y |\n\n## name\n")
    assert text.count('id="name"') == 1 and '<h2 id="name">' in text


def test_convert_table_of_three_columns_has_labels() -> None:
    text = html("| A | B | C |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n")
    assert 'class="about cards"' in text
    assert '<td data-label="C"><span>3</span></td>' in text


def test_convert_code_blocks_are_separate_parts() -> None:
    source = (
        "# T\n\n```sh server\na\nb\n```\n\n    c <d>\n\n```sh sample=one\nx\n```\n\n- item\n\n  ```json\n  {}\n  ```\n"
    )
    parts = [part for part in convert(source, lambda target: target).parts if part.kind != "html"]
    assert parts == [
        PagePart("server", "a\nb"), PagePart("code", "c <d>"), PagePart("sample", "one"), PagePart("code", "{}")
    ]  # fmt: skip
