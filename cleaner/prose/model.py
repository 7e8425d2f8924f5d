"""Two logistic models of prose: is a text spun, is it translated by a machine; with the reasons.

The weights stand in ``weights.json`` beside this module and are fitted by ``benchmarks/fit_prose.py`` on real documents.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from cleaner.names.model import probability

SIGNS = "signs"
"""The feature that counts what rules found: the logarithm of one more than their number."""
_REASONS = 3


@cache
def load_weights() -> dict[str, dict[str, float]]:
    """The fitted weights of `spun` and `translated` by feature, `bias` included, and under `writers` the features' means in writers' texts."""
    weights: dict[str, dict[str, float]] = msgspec.json.decode(Path(__file__).with_name("weights.json").read_bytes())
    return weights


class Prose(msgspec.Struct, frozen=True):
    """What is measured of a text; `features` are empty where it is too short to tell."""

    features: Mapping[str, float]

    def score(self, signs: int) -> float:
        """The probability that a machine made the text, of which rules found so many `signs`."""
        return max(self.probability("spun", signs), self.probability("translated", signs))

    def probability(self, model: str, signs: int) -> float:
        """What one of the models says."""
        return probability({**self._known, SIGNS: math.log1p(signs)}, load_weights()[model])

    @property
    def _known(self) -> Mapping[str, float]:
        return self.features or load_weights()["writers"]

    def reasons(self, signs: int) -> list[str]:
        """What speaks most for a machine, a line each, in the model that is surer."""
        model = max(("spun", "translated"), key=lambda name: self.probability(name, signs))
        weights, usual = load_weights()[model], load_weights()["writers"]
        speaking = {name: weights.get(name, 0.0) * (value - usual[name]) for name, value in self.features.items()}
        strongest = sorted((name for name, gain in speaking.items() if gain > 0), key=lambda name: -speaking[name])
        return [
            f"{'more' if self.features[name] > usual[name] else 'less'} than in writers' texts: {name} ({self.features[name]:.1f}, usually {usual[name]:.1f})"
            for name in strongest[:_REASONS]
        ]
