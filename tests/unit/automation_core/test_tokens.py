"""Access tokens shared by workers."""

import pytest
from automation_core.lib.tokens import CachedToken, JsonTokens, MemoryTokens, Token, read_token


def test_a_token_is_fetched_once_and_renewed_before_it_ends() -> None:
    now = 0.0
    fetched: list[Token] = []

    def fetch() -> Token:
        fetched.append(Token(f"t{len(fetched)}", now + 3600))
        return fetched[-1]

    tokens = CachedToken(fetch, MemoryTokens(), lambda: now)
    assert tokens.access_token() == tokens.access_token() == "t0"
    now = 3600.0 - 299
    assert tokens.access_token() == "t1"
    assert tokens.access_token(refused="t1") == "t2"


def test_another_workers_new_token_is_used() -> None:
    store = MemoryTokens(Token("new", 10_000))
    tokens = CachedToken(lambda: pytest.fail("not needed"), store, lambda: 0.0)
    assert tokens.access_token(refused="old") == "new"


def test_tokens_survive_as_json() -> None:
    kept: list[object] = []
    store = JsonTokens(lambda: kept[-1] if kept else None, kept.append)
    assert store.load() is None
    store.save(Token("abc", 12.5))
    assert store.load() == Token("abc", 12.5)
    assert "abc" not in repr(store.load())
    for damaged in ("abc", {}, {"value": ""}, {"value": "a b"}, {"value": 1}, []):
        kept.append(damaged)
        assert store.load() is None


@pytest.mark.parametrize(
    ("data", "end"),
    [
        ({"access_token": "a", "expires_in": 60}, 160.0),
        ({"access_token": "a"}, 1100.0),
        ({"access_token": "a", "expires_in": True}, 1100.0),
        ({"access_token": "a", "expires_in": -1}, 1100.0),
        ({"access_token": "a", "expires_in": "60"}, 1100.0),
    ],
)
def test_the_life_of_a_token(data: dict[str, object], end: float) -> None:
    assert read_token(data, 100.0, 1000.0) == Token("a", end)


@pytest.mark.parametrize("value", [None, "", "a b", "a\n", "ü", 5, "x" * 8001])
def test_what_cannot_stand_in_a_header_is_no_token(value: object) -> None:
    assert read_token({"access_token": value}, 0.0, 1.0) is None
