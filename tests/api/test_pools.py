"""Places of requests in progress, in all and by caller."""

from __future__ import annotations

import pytest

from letrics.api.pools import MAX_RETRY_SECONDS, FairUseLimits, OverLimit, Pool

ONE, OTHER, USER = (1, 1), (2, 2), (3, 0)


def test_share_of_a_caller_leaves_places_to_others() -> None:
    pool = Pool("exports", FairUseLimits(exports=4))
    for _ in range(2):
        pool.enter(ONE)
    with pytest.raises(OverLimit, match="This token has 2 exports in progress") as refused:
        pool.enter(ONE)
    assert (refused.value.kind.code, refused.value.reason) == (429, "token_share")
    assert refused.value.headers == {"Retry-After": "5"}
    pool.enter(OTHER)
    pool.enter(USER)
    with pytest.raises(OverLimit, match="as many exports in progress") as refused:
        pool.enter(OTHER)
    assert (refused.value.kind.code, refused.value.reason, pool.used) == (503, "server_full", 4)
    pool.leave(ONE)
    pool.enter(OTHER)
    assert (pool.used, pool.used_by(ONE), pool.used_by(OTHER)) == (4, 1, 2)


def test_only_request_of_a_caller_finds_a_place() -> None:
    pool = Pool("requests", FairUseLimits(requests=2))
    pool.enter(ONE)
    pool.enter(OTHER)
    pool.enter(USER)
    for caller in (ONE, USER):
        with pytest.raises(OverLimit):
            pool.enter(caller)
    pool.enter((4, 4))
    with pytest.raises(OverLimit, match="as many requests"):
        pool.enter((5, 5))


def test_refusal_of_a_signed_in_user_names_the_user() -> None:
    pool = Pool("heavy_searches", FairUseLimits(heavy_searches=1))
    pool.enter(USER)
    with pytest.raises(OverLimit, match="This user has 1 heavy query in progress"):
        pool.enter(USER)


@pytest.mark.parametrize(("most", "percent", "share"), [(4, 50, 2), (1, 50, 1), (3, 1, 1), (8, 100, 8)])
def test_share_is_at_least_one_place(most: int, percent: int, share: int) -> None:
    assert Pool("uploads", FairUseLimits(uploads=most, token_share_percent=percent)).share == share


def test_quota_is_what_is_left_of_the_share() -> None:
    pool = Pool("heavy_searches", FairUseLimits())
    pool.enter(ONE)
    quota = pool.quota(ONE)
    assert (quota.name, quota.quota, quota.remaining) == ("heavy-searches", 32, 31)


def test_retry_of_a_full_pool_has_bounds() -> None:
    pool = Pool("requests", FairUseLimits())
    waits = [pool.full(seconds).headers["Retry-After"] for seconds in (0.1, 2.3, 1e9)]
    assert waits == ["1", "3", str(MAX_RETRY_SECONDS)]
