"""From the model's probabilities to frequencies."""

from __future__ import annotations

from bisect import bisect_right
from math import exp, log

# Log-odds of the softmax and log-odds of being right, straight lines between them. Measured with
# bench/matching: 14,000 first proposals (five kinds of sellers, two seeds each), grouped by their
# odds. The upper end is drawn in: none wrong among thousands is not yet certainty.
_KNOTS: tuple[tuple[float, float], ...] = (
    (-4.0, -4.5),
    (-1.3, -2.2),
    (-0.5, -0.4),
    (0.0, 0.1),
    (0.6, 1.1),
    (1.9, 1.7),
    (2.5, 2.8),
    (3.5, 4.0),
    (4.5, 4.8),
    (6.0, 6.0),
    (9.0, 7.2),
    (16.0, 8.5),
)
CEILING = 0.949  # what is not explained safely is never for the pile of the likely


def softmax(scores: list[float]) -> list[float]:
    """Return the probability of each candidate; what is missing to 1 is "none of them"."""
    top = max([0.0, *scores])
    parts = [exp(score - top) for score in scores]
    total = sum(parts) + exp(-top)
    return [part / total for part in parts]


def calibrated(probability: float) -> float:
    """Return how often a proposal of this probability is right."""
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    odds = log(bounded / (1 - bounded))
    place = min(max(bisect_right(_KNOTS, (odds, 0.0)), 1), len(_KNOTS) - 1)
    (x0, y0), (x1, y1) = _KNOTS[place - 1], _KNOTS[place]
    odds = y0 + (y1 - y0) * (min(max(odds, _KNOTS[0][0]), _KNOTS[-1][0]) - x0) / (x1 - x0)
    return 1 / (1 + exp(-odds))
