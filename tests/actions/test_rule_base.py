import os
import shutil
from pathlib import Path

import pytest

from actions.rule_base import CurrentRules
from actions.settings import ROOT
from knowledge.yaml_source import KnowledgeError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_an_edited_rule_is_used_with_the_next_message(folder: Path) -> None:
    rules = CurrentRules(folder)
    before = rules.get()
    assert rules.get() is before
    edit(folder / "operations" / "replace_sim.yml", "name: 补换卡", "name: 补卡换卡")
    assert rules.get().operations["replace_sim"].name == "补卡换卡"
    assert rules.get().version != before.version


def test_a_faulty_edit_leaves_the_former_rules_in_use(folder: Path) -> None:
    rules = CurrentRules(folder)
    before = rules.get()
    edit(folder / "operations" / "replace_sim.yml", "status: stated", "status: certain")
    assert rules.get() is before
    edit(folder / "operations" / "replace_sim.yml", "status: certain", "status: stated")
    assert rules.get().version == before.version


def test_rules_that_were_never_good_are_refused(folder: Path) -> None:
    edit(folder / "operations" / "replace_sim.yml", "status: stated", "status: certain")
    with pytest.raises(KnowledgeError):
        CurrentRules(folder).get()
