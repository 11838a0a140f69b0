"""Static files: their URLs and how long browsers may cache them."""

from __future__ import annotations

import pytest

from letrics.web.assets import static
from tests.office import Office


@pytest.mark.parametrize("name", ["app.css", "app.js", "theme.js", "icon.svg", "vendor/htmx-2.0.11.min.js"])
def test_static_files(office: Office, name: str) -> None:
    kept = office.browser().get(static(name)).reply
    assert kept.status == 200 and "immutable" in kept.headers["cache-control"]
    assert "max-age=31536000" in kept.headers["cache-control"]
    kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[name.rpartition(".")[2]]
    assert kept.headers["content-type"].startswith(kind)
    assert not kept.headers.get("set-cookie")
    assert kept.headers["etag"].startswith('W/"')  # the bytes differ when they are compressed
    for stale in (f"/static/{name}", f"/static/0123456789abcdef/{name}"):
        reply = office.browser().get(stale).reply
        assert (reply.body, reply.headers["cache-control"]) == (kept.body, "no-cache")
    again = office.browser().get(static(name), {"if-none-match": kept.headers["etag"]})
    assert again.status == 304
