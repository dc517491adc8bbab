"""The judge of the matcher: its sums by hand, and that a seed always gives the same world."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "bench" / "matching"))

import generate
import names
import score


def _truth(payment, targets, noise="clean", knowable=True):
    return {"payment": payment, "class": noise, "targets": targets, "knowable": knowable}


def _proposal(payment, targets, confidence, rank=1):
    return {"payment": payment, "targets": targets, "confidence": confidence, "rank": rank}


TRUTH = [
    _truth("right and likely", ["a"]),
    _truth("right, not likely", ["b", "c"], "several"),
    _truth("right in second place", ["d"]),
    _truth("a part of the set only", ["e", "f"], "several"),
    _truth("twins", ["g"], "twin", knowable=False),
    _truth("nothing found", ["h"]),
    _truth("silent", [], "fee"),
    _truth("not silent", [], "fee"),
]
PROPOSALS = [
    _proposal("right and likely", ["a"], 0.99),
    _proposal("right, not likely", ["c", "b"], 0.949),
    _proposal("right in second place", ["x"], 0.5),
    _proposal("right in second place", ["d"], 0.4, 2),
    _proposal("a part of the set only", ["e"], 0.96),
    _proposal("twins", ["g"], 0.95),
    _proposal("not silent", ["x"], 0.1),
]


def test_figures_by_hand():
    whole, classes = score.score(TRUTH, PROPOSALS)
    assert whole.shares() == {
        "precision@1": 3 / 6,  # a, b+c and g of six first proposals
        "recall@1": 3 / 6,
        "recall@3": 4 / 6,
        "likelies": 3,
        "false likelies": 2 / 3,  # a part of the set is wrong; twins cannot be known
        "coverage": 1 / 6,
        "silent": 1 / 2,
        "knowable @1": 2 / 5,
    }
    assert classes["several"].shares()["recall@1"] == 1 / 2
    assert classes["fee"].shares()["recall@1"] is None
    assert whole.wrong == ["a part of the set only", "twins"]


def test_calibration_by_hand():
    bins, distance = score.calibration(TRUTH, PROPOSALS)
    top = next(b for b in bins if b.low == 0.95)
    assert (top.count, top.hits) == (2, 1)
    said = [0.99, 0.949, 0.5, 0.1]
    hits = [1, 1, 0, 0]
    alone = sum(abs(s - h) for s, h in zip(said, hits, strict=True))
    assert distance == pytest.approx((alone + abs(0.96 + 0.95 - 1)) / 6)


@pytest.mark.parametrize(
    "wrong",
    [
        _proposal("silent", [], 0.5),
        _proposal("silent", ["a"], 1.2),
        _proposal("silent", ["a"], 0.5, 4),
        _proposal("right and likely", ["b"], 0.5),  # a second first place
        _proposal("nobody", ["a"], 0.5),
    ],
)
def test_malformed_proposals_are_refused(wrong):
    with pytest.raises(ValueError, match="proposal"):
        score.score(TRUTH, [*PROPOSALS, wrong])


@pytest.mark.parametrize("profile", ["a", "b"])
def test_a_seed_always_gives_the_same(profile):
    one, two = (generate.build(5, 200, 300, profile) for _ in (1, 2))
    assert one == two
    assert generate.build(6, 200, 300, profile) != one
    assert (len(one["payments"]), len(one["items"])) == (200, 300)
    ids = {item["id"]: item for item in one["items"]}
    for row in one["truth"]:
        assert all(ids[target]["state"] == "open" for target in row["targets"])
        assert len(set(row["targets"])) == len(row["targets"])


def test_ibans_have_right_check_digits():
    rng = generate.random.Random(1)
    for country in ("DE", "AT", "NL", "PL", "CH"):
        iban = names.iban(rng, country)
        digits = "".join(str(int(c, 36)) for c in iban[4:] + iban[:4])
        assert int(digits) % 97 == 1
