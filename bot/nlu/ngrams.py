"""Sparse featurizer: the n-grams of the whole message, counted; Rasa's own also counts those of every word alone."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from scipy import sparse


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceNgrams(CountVectorsFeaturizer):  # type: ignore[misc]  # Rasa has no types
    """Rasa's counted n-grams, without those of single words: nothing here reads them, and they take twice the time."""

    def _create_features(
        self, attribute: str, all_tokens: list[list[str]]
    ) -> tuple[list[None], list[sparse.coo_matrix | None]]:
        counted: list[Any] = []
        for tokens in all_tokens:
            if attribute != TEXT or not tokens:
                counted.append(None)
                continue
            counts = self.vectorizers[attribute].transform([" ".join(tokens)])
            counts.sort_indices()
            counted.append(counts.tocoo())
        return [None] * len(counted), counted
