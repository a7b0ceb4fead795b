import pytest

from bot.nlu.e5.packed import PackedModel, PackedModelError, packed_file


def test_the_sizes_are_those_of_multilingual_e5_small():
    sizes = PackedModel(packed_file()).sizes
    assert (sizes.width, sizes.layers, sizes.heads, sizes.inner, sizes.positions) == (384, 12, 12, 1536, 512)


def test_every_piece_has_a_row_of_its_own():
    packed = PackedModel(packed_file())
    assert packed.matrix("emb.word", 384).shape == (packed.sizes.vocabulary, 384)
    assert len(packed.vocabulary.pieces) <= packed.sizes.vocabulary


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(PackedModelError, match="不是句子编码器的权重文件"):
        PackedModel(path)
