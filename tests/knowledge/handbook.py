"""A fictitious rule document for the small rule base of conftest.py, and how its sentences are covered."""

from pathlib import Path

from knowledge.loader import load_rules
from knowledge.sentences.split import Sentence, sentences
from knowledge.sources import Sources, read_sources

TITLE = "集团客户标准服务内容"
TEXT = """\
搬运手册
一、搬箱
子
(一)渠道:仓库,目前不收费。
(二)原则
个人:按照公众业务规则办理。
搬运工凭搬运单把箱子从甲处小心地搬到乙处再搬回甲处,每个箱子不超过20公斤。
"""
COVERAGE = """\
document: 集团客户标准服务内容
sentences:
  - {section: 一, begins: 子, digest: "a6b71dae", not_covered: 标题的后半}
  - {section: 一(一), begins: 一渠道仓库, digest: "8f55b6b4", said_in: [move_box.channels, move_box.fee]}
  - {section: 一(二), begins: 搬运工凭, digest: "a4121a78", said_in: [move_box.documents, move_box.conditions]}
  - {section: 一(二), begins: 个人, digest: "80accae1", said_in: [move_box.documents, move_box.conditions]}
"""


def write_coverage(folder: Path, text: str = COVERAGE) -> Path:
    """Puts a coverage file into a rule base."""
    path = folder / "coverage" / "handbook.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str = TEXT) -> tuple[Sources, list[str]]:
    """The document as the small rule base's catalogue cuts it, and the reasons of what was not found."""
    path = folder / "handbook.txt"
    path.write_text(text, encoding="utf-8")
    sources, missing = read_sources(path, load_rules(folder).documents, folder / "documents.yml")
    return sources, [problem.reason for problem in missing]


def cut(folder: Path, text: str = TEXT) -> list[Sentence]:
    """The sentences of the document."""
    return sentences(read(folder, text)[0])
