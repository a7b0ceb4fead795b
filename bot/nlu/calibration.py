"""How sure is sure: turns evidence into the share of such messages for which the understanding is right.

Logistic regression on few numbers that each speak for being right, so weights are never negative and more evidence
never lowers the confidence. It learns from what the training utterances would have been taken for had each been left
out; with little to learn from it stays near the probability that the classifier gave.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import optimize

Vector = npt.NDArray[np.float64]
# How firm the belief in the given probability is, against what messages say.
_PRIOR: Final = 1.0
_LEAST: Final = 1e-4
_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Calibration:
    """A confidence from evidence, the first of which is the `log_odds` of the given probability."""

    weights: tuple[float, ...]
    base: float

    @classmethod
    def unlearnt(cls, size: int) -> Calibration:
        """The one that believes the given probability."""
        return cls((1.0, *[0.0] * (size - 1)), 0.0)

    @classmethod
    def fit(cls, evidence: Sequence[Sequence[float]], right: Sequence[bool], size: int) -> Calibration:
        """Learns from messages of which it is known whether they were taken for the right thing."""
        start = cls.unlearnt(size)
        if not evidence:
            return start
        believed = np.array([*start.weights, start.base])
        rows = np.hstack([np.array(evidence), np.ones((len(evidence), 1))])
        truth = np.array(right, dtype=np.float64)

        def loss(weights: Vector) -> tuple[float, Vector]:
            scores = rows @ weights
            away = weights - believed
            value = np.logaddexp(0, scores).sum() - truth @ scores + _PRIOR * (away @ away) / 2
            return float(value), rows.T @ (1 / (1 + np.exp(-scores)) - truth) + _PRIOR * away

        bounds = [(0, None)] * size + [(None, None)]
        found = optimize.minimize(loss, believed, jac=True, bounds=bounds, method="L-BFGS-B").x
        return cls(tuple(map(float, found[:-1])), float(found[-1]))

    def confidence(self, evidence: Sequence[float]) -> float:
        """How often messages with such evidence are understood right, between 0 and 1."""
        score = self.base + sum(weight * value for weight, value in zip(self.weights, evidence, strict=True))
        share = 1 / (1 + math.exp(-score)) if score > 0 else 1 - 1 / (1 + math.exp(score))
        # What is decided on is what is shown.
        return round(share, _PLACES)

    def arrays(self, name: str) -> dict[str, Any]:
        """The numbers for `numpy.savez`, keys beginning with `name`."""
        return {f"{name}_calibration": np.array([*self.weights, self.base])}

    @classmethod
    def of_arrays(cls, name: str, arrays: Mapping[str, Any]) -> Calibration:
        """Reads `arrays` back."""
        *weights, base = map(float, arrays[f"{name}_calibration"])
        return cls(tuple(weights), base)


def log_odds(probability: float) -> float:
    """The probability on the scale on which evidence adds up."""
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))
