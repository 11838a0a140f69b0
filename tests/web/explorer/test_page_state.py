"""The state of an explorer page in its query string, and links to other states."""

from __future__ import annotations

from letrics.web.explorer.page_state import PageState


def test_links_change_one_thing_and_keep_the_rest() -> None:
    state = PageState.of("contacts", b"job_titles=a&job_titles=b&page=4&order=newest&open=x&per_page=25&cursor=zz")
    assert state.link(page="5") == "/explore/contacts?job_titles=a&job_titles=b&order=newest&page=5"
    assert state.link(without=(("job_titles", "a"),)) == "/explore/contacts?job_titles=b&order=newest"
    assert state.link(keep_page=True) == "/explore/contacts?job_titles=a&job_titles=b&page=4&order=newest"
    assert state.filters == (("job_titles", "a"), ("job_titles", "b"))
