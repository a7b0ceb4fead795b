"""The copy of the rule documents: followed when it changes, and never in the way of an answer."""

import logging
import os

import pytest

from actions.rule_sources import CurrentSources, rule_sources
from knowledge.loader import load_rules
from knowledge.model import Citation
from tests.knowledge.conftest import folder

__all__ = ["folder"]
CHANNEL = Citation("集团客户标准服务内容", "一(一)")


@pytest.fixture
def rules(folder):
    return load_rules(folder)


@pytest.fixture
def copy(tmp_path_factory):
    path = tmp_path_factory.mktemp("documents") / "rules.txt"
    path.write_text("搬运手册\n一、搬箱\n(一)渠道 仓库\n(二)原则 轻放", encoding="utf-8")
    return path


def rewrite(path, text):
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(2, 2))


def test_the_documents_are_cut_into_the_sections_of_the_rule_base(rules, copy):
    sources = CurrentSources(copy).get(rules)
    assert sources is not None
    assert "仓库" in sources.passages[CHANNEL]


def test_they_are_read_once(rules, copy):
    current = CurrentSources(copy)
    assert current.get(rules) is current.get(rules)


@pytest.mark.parametrize("whole_folder", [True, False])
def test_a_changed_file_is_read_again(rules, copy, whole_folder):
    current = CurrentSources(copy.parent if whole_folder else copy)
    current.get(rules)
    rewrite(copy, "搬运手册\n一、搬箱\n(一)渠道 码头\n(二)原则 轻放")
    sources = current.get(rules)
    assert sources is not None
    assert "码头" in sources.passages[CHANNEL]


def test_a_copy_that_cannot_be_read_is_logged_once_and_comes_back_when_it_can(rules, copy, caplog):
    current = CurrentSources(copy)
    good = copy.read_text(encoding="utf-8")
    copy.write_bytes(b"\xff\xfe\xff")
    with caplog.at_level(logging.ERROR):
        assert current.get(rules) is None
        assert current.get(rules) is None
    assert len(caplog.records) == 1
    rewrite(copy, good)
    assert current.get(rules) is not None


def test_a_copy_that_is_not_there_is_no_error_for_the_answer(rules, tmp_path, environment):
    environment.setenv("RULE_SOURCES", str(tmp_path / "nowhere"))
    assert rule_sources(rules) is None


def test_without_the_setting_there_are_no_documents(rules, environment):
    environment.delenv("RULE_SOURCES", raising=False)
    assert rule_sources(rules) is None
