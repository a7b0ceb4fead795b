"""How varied the training utterances are: `python -m bot.nlu.assessment.diversity`.

Exit 1 where two utterances are the same or nearly so: such a pair teaches once and counts twice.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import yaml
from scipy import sparse

from actions.settings import settings
from bot.nlu.labels import is_answerable, labels_of, operation_of, topic_of
from bot.nlu.text import normalize
from knowledge.loader import load_rules
from knowledge.vocabulary import wordings

TOO_NEAR: Final = 0.85
_STEPS: Final = (0.5, 0.7, TOO_NEAR)
_LENGTHS: Final = (5, 10, 20, 40, 80)
_SHARED: Final = 5
_MOST_SHOWN: Final = 20
_CHUNK: Final = 1000
_EMOJI: Final = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One training line as `written`; `text` is the form that is learnt from."""

    written: str
    text: str
    file: str
    subject: str
    aspect: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two utterances and how alike they are: the share of their pairs of characters that both have."""

    one: Utterance
    other: Utterance
    likeness: float


def utterances(folder: Path) -> list[Utterance]:
    """The training utterances of all files below a folder."""
    found: list[Utterance] = []
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in content.get("nlu") or ():
            if "intent" in block:
                subject, aspect = labels_of(block["intent"], {"intent": block.get("metadata")})
                file = path.relative_to(folder).as_posix()
                lines = [line.strip() for line in block["examples"].splitlines()]
                written = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
                found += [Utterance(line, normalize(line), file, subject, aspect) for line in written]
    return found


def near_pairs(data: Sequence[Utterance], least: float = TOO_NEAR) -> list[Pair]:
    """The pairs that are more alike than `least`, the most alike first."""
    return sorted(
        (
            Pair(data[one], data[other], likeness)
            for one, other, likeness in _likenesses([utterance.text for utterance in data])
            if one < other and likeness > least
        ),
        key=lambda pair: -pair.likeness,
    )


def nearest(data: Sequence[Utterance]) -> list[float]:
    """How alike the most alike other utterance is to each."""
    found = [0.0] * len(data)
    for one, _, likeness in _likenesses([utterance.text for utterance in data]):
        found[one] = max(found[one], likeness)
    return found


def shared_runs(data: Sequence[Utterance]) -> dict[str, tuple[float, str]]:
    """For each file: which share of its runs of five characters stands in other files, and the file with the most."""
    runs: dict[str, set[str]] = defaultdict(set)
    for utterance in data:
        runs[utterance.file] |= _runs(utterance.text, _SHARED)
    found: dict[str, tuple[float, str]] = {}
    for file, own in runs.items():
        others = {other: len(own & theirs) for other, theirs in runs.items() if other != file}
        everywhere = own & set().union(*(theirs for other, theirs in runs.items() if other != file))
        share = len(everywhere) / len(own) if own else 0.0
        found[file] = (share, max(others, key=lambda other: others[other], default="") if everywhere else "")
    return found


def styles(data: Sequence[Utterance], names: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The share of utterances of each style; `names` gives the names of each operation and topic."""
    answerable = [utterance for utterance in data if is_answerable(utterance.subject)]

    def is_named(utterance: Utterance) -> bool:
        identifier = operation_of(utterance.subject) or topic_of(utterance.subject) or ""
        return any(name in utterance.text for name in names.get(identifier, ()))

    tests: dict[str, Callable[[str], object]] = {
        "含数字": lambda text: re.search(r"\d", text),
        "夹英文字母": lambda text: re.search("[a-zA-Z]", text),
        "繁体字": lambda text: any(map(_is_traditional, text)),
        "表情符号": _EMOJI.search,
        "带问号": lambda text: re.search("[?？]", text),
        "没有标点": lambda text: not re.search(r"[^\w\s]", text),
    }
    shares = {title: _share(sum(bool(test(one.written)) for one in data), len(data)) for title, test in tests.items()}
    return {"规则能答的里面，说出了业务名称或别名": _share(sum(map(is_named, answerable)), len(answerable)), **shares}


def report(data: Sequence[Utterance], names: Mapping[str, Sequence[str]], pairs: Sequence[Pair]) -> str:
    """Everything, for people."""
    answerable = sum(is_answerable(utterance.subject) for utterance in data)
    files = Counter(utterance.file for utterance in data)
    alike = nearest(data)
    lines = [
        f"训练句 {len(data)} 句，{len(files)} 个文件；规则能答的 {answerable} 句，不能答的 {len(data) - answerable} 句",
        "与最像的另一句（相邻两字的重合度）：",
        *_rows((f"不低于 {step}", _of(sum(one >= step for one in alike), len(data))) for step in _STEPS),
        "字数：",
        *_rows((title, _of(count, len(data))) for title, count in _lengths(data)),
        "说法：",
        *_rows((title, f"{share:.1%}") for title, share in styles(data, names).items()),
        "按方面：",
        *_rows(_counted(utterance.aspect or "（没有方面）" for utterance in data)),
        "按业务、主题和其他：",
        *_rows(_counted(utterance.subject for utterance in data)),
        f"按文件（句数；连续 {_SHARED} 字与别的文件相同的比例；最像的文件）：",
        *_rows((file, f"{files[file]:5}  {share:6.1%}  {most}") for file, (share, most) in shared_runs(data).items()),
    ]
    if pairs:
        lines.append(f"重复或几乎重复（重合度超过 {TOO_NEAR}）：{len(pairs)} 对")
        lines += [
            f"  {pair.likeness:.2f}  {pair.one.file}：{pair.one.text}  ｜  {pair.other.file}：{pair.other.text}"
            for pair in pairs[:_MOST_SHOWN]
        ]
    else:
        lines.append(f"没有重复的句子，也没有重合度超过 {TOO_NEAR} 的句子")
    return "\n".join(lines)


def main() -> int:
    """Prints the report on the training utterances of the rule pack."""
    data = utterances(settings().pack / "data" / "nlu")
    rules = load_rules(settings().rules)
    names = {
        **{identifier: wordings(operation) for identifier, operation in rules.operations.items()},
        **{identifier: wordings(topic) for identifier, topic in rules.topics.items()},
    }
    pairs = near_pairs(data)
    print(report(data, names, pairs))
    return 1 if pairs else 0


def _likenesses(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """(row, other row, likeness) of texts that share a pair of characters, or are the same."""
    columns: dict[tuple[str, int], int] = {}
    bags = [sorted({columns.setdefault(pair, len(columns)) for pair in _pairs(text)}) for text in texts]
    sizes = np.array([len(bag) for bag in bags])
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    shape = (len(texts), len(columns))
    matrix = sparse.csr_matrix(
        (np.ones(starts[-1], dtype=np.float32), np.concatenate([*bags, []]).astype(int), starts), shape=shape
    )
    for first in range(0, len(texts), _CHUNK):
        common = (matrix[first : first + _CHUNK] @ matrix.T).tocoo()
        rows = common.row + first
        likeness = common.data / (sizes[rows] + sizes[common.col] - common.data)
        kept = (rows != common.col) & (likeness >= _STEPS[0])
        yield from zip(rows[kept].tolist(), common.col[kept].tolist(), likeness[kept].tolist(), strict=True)


def _pairs(text: str) -> Iterator[tuple[str, int]]:
    """Each two neighbouring characters with the number of their occurrence; one character alone stands for itself."""
    seen: Counter[str] = Counter()
    for start in range(max(len(text) - 1, 1)):
        pair = text[start : start + 2]
        yield pair, seen[pair]
        seen[pair] += 1


def _runs(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def _is_traditional(character: str) -> bool:
    """Whether the character is written so only where traditional characters are."""
    return _in(character, "big5") and not _in(character, "gb2312")


def _in(character: str, encoding: str) -> bool:
    try:
        return len(character.encode(encoding)) > 1
    except UnicodeEncodeError:
        return False


def _lengths(data: Sequence[Utterance]) -> Iterator[tuple[str, int]]:
    lengths = [len(utterance.text) for utterance in data]
    for least, most in zip((0, *_LENGTHS), _LENGTHS, strict=False):
        yield f"{least + 1}–{most}", sum(least < length <= most for length in lengths)
    yield f"{_LENGTHS[-1] + 1} 以上", sum(length > _LENGTHS[-1] for length in lengths)


def _counted(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, str(count)) for name, count in sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))]


def _rows(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [f"  {title:36} {value}" for title, value in rows]


def _of(count: int, total: int) -> str:
    return f"{count:5}  {_share(count, total):6.1%}"


def _share(count: int, total: int) -> float:
    return count / total if total else 0.0


if __name__ == "__main__":
    sys.exit(main())
