import numpy as np
import pytest

from bot.nlu.e5.packed import Vocabulary
from bot.nlu.e5.pieces import Pieces

PIECES = ("<s>", "</s>", "<unk>", "▁", "销", "户", "销户", "▁a", "b")
SCORES = (0.0, 0.0, 0.0, -2.0, -4.0, -4.0, -5.0, -3.0, -6.0)


@pytest.fixture
def pieces():
    return Pieces(Vocabulary(PIECES, np.array(SCORES, np.float32), 0, 1, 2, {"Ａ": "a", "\t": " "}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("销户", [0, 3, 6, 1]),
        ("户销", [0, 3, 5, 4, 1]),
        ("补", [0, 3, 2, 1]),
        ("Ａb", [0, 7, 8, 1]),
        ("a  \t a", [0, 7, 7, 1]),
        ("", [0, 3, 1]),
    ],
)
def test_a_text_is_cut_the_likeliest_way(pieces, text, expected):
    assert pieces.numbers(text, 512) == expected


def test_a_long_text_keeps_its_beginning_and_both_marks(pieces):
    assert pieces.numbers("销户" * 10, 5) == [0, 3, 6, 6, 1]
