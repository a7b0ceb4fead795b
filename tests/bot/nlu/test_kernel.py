import numpy as np
import pytest
from scipy import sparse

from bot.nlu.kernel import KernelHead, KernelShape, TextSpace, kernel, probabilities

SHAPE = KernelShape(vector_weight=3.0, vector_width=3.0, ngram_weight=2.0, ngram_width=1.0, ridge=0.5)


@pytest.fixture
def data():
    random = np.random.default_rng(7)
    labels = [name for name in ("a", "b", "c") for _ in range(8)]
    vectors = np.array([[name == "a", name == "b", name == "c", 0.5] for name in labels], dtype=np.float32)
    vectors += random.normal(0, 0.1, vectors.shape).astype(np.float32)
    counts = sparse.csr_matrix(random.integers(0, 3, (len(labels), 20)), dtype=np.float32)
    return counts, vectors, labels


def head_of(data):
    counts, vectors, labels = data
    space = TextSpace.of(counts, vectors)
    return space, KernelHead.fit(space.kernel_within(SHAPE), labels, SHAPE.ridge)


def test_training_utterances_are_told_apart(data):
    space, head = head_of(data)
    scores = head.scores(kernel(space.likeness(data[0], data[1]), SHAPE))
    assert [head.classes[column] for column in scores.argmax(axis=1)] == data[2]


def test_the_same_data_give_the_same_numbers(data):
    (_, one), (_, other) = head_of(data), head_of(data)
    for key, array in one.arrays("head").items():
        assert np.array_equal(array, other.arrays("head")[key])


def test_left_out_scores_are_those_of_a_head_that_never_saw_the_utterance(data):
    counts, vectors, labels = data
    space = TextSpace.of(counts, vectors)
    within = space.kernel_within(SHAPE)
    head, left_out = KernelHead.fit_leaving_out(within.copy(), labels, SHAPE.ridge)
    assert np.allclose(head.scores(within), KernelHead.fit(within, labels, SHAPE.ridge).scores(within), atol=1e-4)
    target = np.array([[label == name for name in head.classes] for label in labels], dtype=np.float64)
    for row in range(len(labels)):
        others = np.delete(np.arange(len(labels)), row)
        system = within[np.ix_(others, others)].astype(np.float64) + SHAPE.ridge * np.eye(len(others))
        base = target.mean(axis=0)
        without = within[row, others] @ np.linalg.solve(system, target[others] - base) + base
        assert np.allclose(left_out[row], without, atol=1e-3)


def test_what_is_saved_and_loaded_scores_the_same(data, tmp_path):
    space, head = head_of(data)
    space.save(tmp_path)
    np.savez(tmp_path / "head.npz", **head.arrays("head"))
    with np.load(tmp_path / "head.npz", allow_pickle=False) as arrays:
        loaded = KernelHead.of_arrays("head", arrays)
    likeness = TextSpace.load(tmp_path).likeness(data[0], data[1])
    assert loaded.classes == head.classes
    assert np.array_equal(
        loaded.scores(kernel(likeness, SHAPE)), head.scores(kernel(space.likeness(data[0], data[1]), SHAPE))
    )


def test_likeness_is_the_cosine_of_standardised_vectors_and_of_weighted_ngrams():
    random = np.random.default_rng(3)
    vectors = random.normal(0, 1, (40, 96)).astype(np.float32)
    counts = sparse.random(40, 60, 0.2, "csr", np.float32, random, lambda size: random.integers(1, 4, size))
    space = TextSpace.of(counts, vectors)
    by_vector, by_ngram = space.likeness(counts[:5], vectors[:5])
    placed = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)
    placed /= np.linalg.norm(placed, axis=1, keepdims=True)
    assert by_vector == pytest.approx(placed[:5] @ placed.T, abs=0.005)
    dense = counts.toarray()
    rarity = np.log(41 / (1 + (dense > 0).sum(axis=0))) + 1
    weighted = np.where(dense > 0, 1 + np.log(np.maximum(dense, 1)), 0) * rarity
    weighted /= np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-6)
    assert by_ngram == pytest.approx(weighted[:5] @ weighted.T, abs=1e-5)


def test_a_message_is_as_like_the_utterances_as_the_utterance_with_its_words_is(data):
    counts, vectors, _ = data
    space = TextSpace.of(counts, vectors)
    _, (by_vector, by_ngram) = next(space.likeness_within())
    asked = space.likeness(counts, vectors)
    assert asked[0] == pytest.approx(by_vector, abs=1e-6)
    assert asked[1] == pytest.approx(by_ngram, abs=1e-6)


def test_utterances_without_a_label_are_not_learnt_from(data):
    counts, vectors, labels = data
    space = TextSpace.of(counts, vectors)
    partly = [label if label != "c" else None for label in labels]
    assert KernelHead.fit(space.kernel_within(SHAPE), partly, SHAPE.ridge).classes == ("a", "b")


def test_a_message_without_any_known_ngram_still_has_a_place(data):
    space, head = head_of(data)
    nothing = sparse.csr_matrix((1, data[0].shape[1]), dtype=np.float32)
    assert np.isfinite(head.scores(kernel(space.likeness(nothing, data[1][:1]), SHAPE))).all()


def test_probabilities_sum_to_one_and_keep_the_order():
    result = probabilities(np.array([[0.9, 0.1, 0.4]], dtype=np.float32), sharpness=12.0)
    assert result.sum() == pytest.approx(1.0)
    assert list(result[0].argsort()) == [1, 2, 0]


def test_the_kernel_is_the_same_however_many_utterances_are_compared_at_a_time(data, monkeypatch):
    space = TextSpace.of(*data[:2])
    whole = space.kernel_within(SHAPE)
    monkeypatch.setattr("bot.nlu.kernel._BLOCK", 2)
    seen: list[int] = []
    assert np.allclose(
        whole, space.kernel_within(SHAPE, lambda first, likeness: seen.extend([first] * len(likeness[0])))
    )
    assert len(seen) == len(whole)
    assert set(seen) == set(range(0, len(whole), 2))
