"""Questions that ask alike, put together: by the character pairs and triples they share."""

from collections.abc import Sequence
from typing import Final

from bot.conversations.tokens import plain

# From this share of weighted n-grams on two questions belong together; below it, groups swallow what only sounds alike.
_ALIKE: Final = 0.45


def groups(questions: Sequence[str]) -> list[list[int]]:
    """The places of the questions, group by group, the largest first; within a group the most central comes first.

    The same questions in the same order always give the same groups.
    """
    if not questions:
        return []
    forms = ["".join(c for c in plain(question).text if c.isalnum()) or "?" for question in questions]
    # People ask the same thing in the same words all the time: those are compared once.
    distinct = list(dict.fromkeys(forms))
    members: dict[str, list[int]] = {form: [] for form in distinct}
    for place, form in enumerate(forms):
        members[form].append(place)
    found = []
    for cluster in _clusters(distinct, [len(members[form]) for form in distinct]):
        found.append([place for number in cluster for place in members[distinct[number]]])
    return sorted(found, key=lambda one: (-len(one), min(one)))


def _clusters(forms: list[str], counts: list[int]) -> list[list[int]]:
    """Takes the question with the most that are like it, puts them together, and goes on with the rest."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit_transform(forms)
    alike = (vectors @ vectors.T).tocsr()
    near = [
        {int(j): float(s) for j, s in zip(row.indices, row.data, strict=True) if s >= _ALIKE or j == i}
        for i, row in enumerate(alike[i] for i in range(len(forms)))
    ]
    left = np.ones(len(forms), dtype=bool)
    clusters = []
    weight = np.array([sum(counts[j] for j in row) for row in near])
    while left.any():
        central = int(np.argmax(np.where(left, weight, -1)))
        cluster = [
            central,
            *sorted((j for j in near[central] if left[j] and j != central), key=lambda j: (-near[central][j], j)),
        ]
        left[cluster] = False
        for j in cluster:
            for k in near[j]:
                weight[k] -= counts[j]
        clusters.append(cluster)
    return clusters
