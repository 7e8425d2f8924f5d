"""Logistic models over features that anyone can read: whether two spellings are one name.

The weights stand in ``weights.json`` beside this module and are fitted by ``benchmarks/fit_names.py`` on real names and articles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec


@cache
def load_weights(model: str) -> dict[str, float]:
    """The fitted weights of `slip`, `pair` or `variant` by feature, `bias` included."""
    weights: dict[str, float] = msgspec.json.decode(Path(__file__).with_name("weights.json").read_bytes())[model]
    return weights


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic model: features that have no weight count nothing."""
    return sigmoid(weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items()))


def sigmoid(score: float) -> float:
    """The probability with these log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def logit(p: float) -> float:
    """The log-odds of a probability, of 0 and 1 those of nearly."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
