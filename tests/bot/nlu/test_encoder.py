import numpy as np
import pytest

from bot.nlu.encoder import VectorCache


class CountingEncoder:
    name = "counting"

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_a_text_is_encoded_once_and_remembered_on_disk(tmp_path):
    first, second = CountingEncoder(), CountingEncoder()
    one = VectorCache(tmp_path, first).encode(["销户", "过户要多久", "销户"])
    other = VectorCache(tmp_path, second).encode(["过户要多久", "换号"])
    assert first.asked == ["销户", "过户要多久"]
    assert second.asked == ["换号"]
    assert np.array_equal(one[1], other[0])


def test_several_workers_share_the_work_and_every_text_keeps_its_own_vector(tmp_path):
    encoder = CountingEncoder()
    texts = ["销" * length for length in range(1, 200)]
    vectors = VectorCache(tmp_path, encoder, workers=4).encode(texts)
    assert vectors[:, 0].tolist() == list(range(1, 200))
    assert sorted(encoder.asked) == texts


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut off"])
def test_a_broken_cache_is_made_anew(tmp_path, content):
    (tmp_path / "counting.npz").write_bytes(content)
    assert VectorCache(tmp_path, CountingEncoder()).encode(["销户"]).shape == (1, 2)
