"""Answers that somebody has damaged, and questions for a TAN that nobody foresaw."""

import contextlib
import random
from types import SimpleNamespace

import pytest
from automation_core.lib import errors
from hypothesis import given
from hypothesis import strategies as st

from payment_matching_fints.lib.challenge import LARGEST_PICTURE, read_challenge
from payment_matching_fints.lib.model import Challenge, Task
from tests.servers.fints.server import FintsServer

from .conftest import START, TODAY


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Return the message with bytes changed, taken away or doubled."""
    broken = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(broken))
        match dice.randrange(4):
            case 0:
                broken[place] = dice.randrange(256)
            case 1:
                del broken[place : place + dice.randint(1, 40)]
            case 2:
                broken[place:place] = broken[place : place + 30]
            case _:
                broken[place] = dice.choice(b"+:'@?0")
        broken = broken or bytearray(b"'")
    return bytes(broken)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_answer_is_an_error_in_words(user, bank, monkeypatch, seed):
    """Whatever comes, no other failure gets out, and the next conversation is as good as ever."""
    bank.days_a_page = 9
    user.connect()
    account = user.account()
    whole = user.run(Task("fetch", account, START, TODAY))
    dice = random.Random(seed)
    reply = FintsServer._reply
    for _ in range(12):
        damage_at = dice.randint(1, 3)
        count = iter(range(1, 100))

        def answer(server, content, damage_at=damage_at, count=count):
            sent = reply(server, content)
            return damaged(sent, dice) if next(count) == damage_at else sent

        monkeypatch.setattr(FintsServer, "_reply", answer)
        with contextlib.suppress(errors.AutomationError):
            user.run(Task("fetch", account, START, TODAY))
        bank.problems.clear()  # it is we who broke the dialogue
    monkeypatch.setattr(FintsServer, "_reply", reply)
    assert user.run(Task("fetch", account, START, TODAY)) == whole


@given(st.text(max_size=200), st.one_of(st.none(), st.binary(max_size=600)), st.booleans())
def test_a_challenge_of_any_kind_is_shown(text, data, decoupled):
    segment = SimpleNamespace(challenge=text, challenge_hhduc=data, tan_medium_name=None)
    assert isinstance(read_challenge(segment, decoupled), Challenge)


@given(st.sampled_from(["CHLGUC  0031", "CHLGUC0004", "CHLGTEXT0003"]), st.text(max_size=60))
def test_a_code_inside_the_text(start, rest):
    segment = SimpleNamespace(challenge=start + rest, tan_medium_name="x")
    assert not read_challenge(segment, False).text.startswith("CHLGUC ")


@pytest.mark.parametrize(
    "content",
    [b"<svg onload='x'/>", b"GIF9", b"\x89PNG\r\n" + b"0" * LARGEST_PICTURE, b""],
)
def test_only_pictures_are_pictures(content):
    data = b"\0\x09image/png" + (len(content) % 65536).to_bytes(2, "big") + content
    segment = SimpleNamespace(challenge="", challenge_hhduc=data, tan_medium_name=None)
    assert read_challenge(segment, False).image in (b"", content[: len(content) % 65536])
    assert not read_challenge(segment, False).image.startswith(b"<")
