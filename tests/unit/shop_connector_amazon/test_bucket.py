"""Never more calls than Amazon grants, whoever makes them."""

from hypothesis import given
from hypothesis import strategies as st

from shop_connector_amazon.lib import const
from shop_connector_amazon.lib.bucket import Level, MemoryStorage, TokenBucket

from .conftest import Clock


def test_the_burst_then_the_rate() -> None:
    clock = Clock()
    bucket = TokenBucket(MemoryStorage(), "1", clock)
    waits = [bucket.take(const.SEARCH_ORDERS) for _call in range(21)]
    assert waits[:20] == [0.0] * 20
    assert 178 < waits[20] < 179
    clock.sleep(waits[20])
    assert bucket.take(const.SEARCH_ORDERS) == 0.0


def test_all_workers_share_one_bucket_and_accounts_do_not() -> None:
    clock, storage = Clock(), MemoryStorage()
    one, two = TokenBucket(storage, "1", clock), TokenBucket(storage, "1", clock)
    other = TokenBucket(storage, "2", clock)
    for _pair in range(10):
        assert one.take(const.SEARCH_ORDERS) == two.take(const.SEARCH_ORDERS) == 0.0
    assert two.take(const.SEARCH_ORDERS) > 0
    assert other.take(const.SEARCH_ORDERS) == 0.0
    assert one.take(const.GET_ORDER) == 0.0


def test_amazons_own_rate_counts() -> None:
    clock = Clock()
    bucket = TokenBucket(MemoryStorage(), "1", clock)
    bucket.learn(const.SEARCH_ORDERS, "0.5")
    bucket.empty(const.SEARCH_ORDERS)
    assert bucket.take(const.SEARCH_ORDERS) == 2.0
    for nonsense in (None, "", "fast", "nan", "inf", "-1", "0", "1e99"):
        bucket.learn(const.SEARCH_ORDERS, nonsense)
    assert bucket.take(const.SEARCH_ORDERS) == 2.0


def test_a_clock_that_is_set_back_gives_nothing_away() -> None:
    clock, storage = Clock(), MemoryStorage()
    storage.levels["1", "searchOrders"] = Level(0.0, clock.now + 3600, 0.0056)
    assert TokenBucket(storage, "1", clock).take(const.SEARCH_ORDERS) > 100


@given(st.lists(st.floats(0, 40), min_size=1, max_size=120))
def test_never_more_than_burst_plus_rate(pauses: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(MemoryStorage(), "1", clock)
    begin = clock.now
    taken = 0
    for pause in pauses:
        clock.sleep(pause)
        taken += bucket.take(const.CREATE_FEED) == 0.0
    allowed = const.CREATE_FEED.burst + (clock.now - begin) * const.CREATE_FEED.rate
    assert taken <= allowed + 0.001
