"""Which open documents does a payment pay? Plain Python; judged by bench/matching."""

from .matcher import Matcher

__all__ = ["Matcher"]
