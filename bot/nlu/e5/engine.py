"""The encoder itself: weights once written in CTranslate2's form under `var/`, then a vector for each text."""

import fcntl
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import ctranslate2
import numpy as np
import numpy.typing as npt
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec, transformer_spec

from bot.nlu.e5.packed import PackedModel, packed_file
from bot.nlu.e5.pieces import Pieces

# What the model was trained to find in front of a text that asks, and of one that tells. Messages are both.
_PREFIXES: Final = ("query: ", "passage: ")
_QUANTIZATION: Final = "int8"


class E5Encoder:
    """Sentence vectors of multilingual-e5-small. Safe to use from several threads."""

    name: Final = "e5-small-int8"

    def __init__(self, folder: Path, workers: int = 2) -> None:
        """`folder`: where the converted weights are kept; they are written there where they are missing.

        `workers`: how many computations run at a time; texts as questions and as statements are two.
        """
        packed = PackedModel(packed_file())
        self._pieces = Pieces(packed.vocabulary)
        self._most = packed.sizes.positions
        model = _converted(packed, folder / self.name)
        # Several threads in one computation wait for each other longer than they work.
        self._encoder = ctranslate2.Encoder(
            str(model), compute_type=_QUANTIZATION, inter_threads=workers, intra_threads=1, max_queued_batches=-1
        )
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=self.name)

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A row for each text: two vectors of length 1, one behind the other, as a question and as a statement.

        A vector is the mean over the pieces of the text. It is the same whatever the text shares a call with.
        """
        return np.hstack(list(self._pool.map(lambda prefix: self._prefixed(prefix, texts), _PREFIXES)))

    def _prefixed(self, prefix: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        pieces = [self._pieces.numbers(prefix + text, self._most) for text in texts]
        states = np.array(self._encoder.forward_batch(pieces).last_hidden_state)
        means = np.stack([rows[: len(numbers)].mean(axis=0) for rows, numbers in zip(states, pieces, strict=True)])
        result: npt.NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return result


def _converted(packed: PackedModel, folder: Path) -> Path:
    """The folder with the weights in CTranslate2's form; two processes that start at once write it once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            half_done = Path(tempfile.mkdtemp(dir=folder.parent))
            try:
                _specification(packed).save(str(half_done))
                half_done.rename(folder)
            finally:
                shutil.rmtree(half_done, ignore_errors=True)
    return folder


def _specification(packed: PackedModel) -> transformer_spec.TransformerEncoderModelSpec:
    """The network as CTranslate2 describes it, with its weights."""
    sizes = packed.sizes
    encoder = transformer_spec.TransformerEncoderSpec(
        sizes.layers,
        sizes.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = packed.matrix("emb.word", sizes.width)
    # There is one kind of text, so its vector can be added to every place at once.
    kind = packed.vector("emb.type")[: sizes.width]
    encoder.position_encodings.encodings = packed.vector("emb.pos").reshape(-1, sizes.width) + kind
    _set_norm(encoder.layernorm_embedding, packed, "emb.ln")
    for number, layer in enumerate(encoder.layer):
        attention, forward = layer.self_attention, layer.ffn
        parts = [_linear(packed, f"l{number}.{part}", sizes.width) for part in "qkv"]
        utils.fuse_linear(attention.linear[0], parts)
        attention.linear[1] = _linear(packed, f"l{number}.ao", sizes.width)
        _set_norm(attention.layer_norm, packed, f"l{number}.aln")
        forward.linear_0 = _linear(packed, f"l{number}.fi", sizes.width)
        forward.linear_1 = _linear(packed, f"l{number}.fo", sizes.inner)
        _set_norm(forward.layer_norm, packed, f"l{number}.oln")
    model = transformer_spec.TransformerEncoderModelSpec(encoder)
    model.config.layer_norm_epsilon = sizes.epsilon
    # Texts come as numbers; nobody looks a piece up by its name.
    model.register_vocabulary([str(number) for number in range(sizes.vocabulary)])
    model.config.unk_token = str(packed.vocabulary.unknown)
    model.validate()
    model.optimize(quantization=_QUANTIZATION)
    return model


def _linear(packed: PackedModel, name: str, columns: int) -> Any:
    spec = common_spec.LinearSpec()
    spec.weight = packed.matrix(f"{name}.w", columns)
    spec.bias = packed.vector(f"{name}.b")
    return spec


def _set_norm(spec: Any, packed: PackedModel, name: str) -> None:
    spec.gamma, spec.beta = packed.vector(f"{name}.w"), packed.vector(f"{name}.b")
