"""The real rule base, and a small one that tests may break."""

import shutil
from pathlib import Path

import pytest

from knowledge.loader import load_rules
from knowledge.model import RuleBase

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"

OPERATION = """\
id: move_box
name: 搬箱子
official_name: 搬箱子
section: 一
aliases: [搬箱, 挪箱子]
answers:
  overview:
    organization: {status: stated, cite: 一(二), lead: 搬箱子要先预约。}
    individual: {status: refers_to_public_rules, cite: 一(二)}
  documents:
    organization:
      status: stated
      cite: 一(二)
      lead: 要带搬运单。
      items: [搬运单]
    individual:
      status: refers_to_public_rules
      cite: 一(二)
  conditions:
    organization: {status: stated, cite: 一(二), lead: 箱子不超过20公斤。}
    individual: {status: refers_to_public_rules, cite: 一(二)}
    common:
      - 箱子不超过20公斤。
      - text: 搬运工要登记箱号。
        audience: staff
  channels:
    any: {status: stated, cite: 一(一), lead: 到仓库办理。}
  fee:
    any:
      - {status: stated, cite: 一(一), lead: 目前不收费。, valid: {to: 2026-06-30}}
      - {status: stated, cite: 一(一), lead: 要收搬运费。, valid: {from: 2026-07-01}}
  time_limit:
    any: {status: lost, cite: 一}
  procedure:
    any: {status: stated, cite: 一(二), audience: staff, lead: 先称重再贴箱号。}
"""

DOCUMENTS = """\
documents:
  - title: 集团客户标准服务内容
    begins: 搬运手册
    sections:
      - {id: 一, state: 残缺, begins: 一、搬箱}
      - {id: 一(一), state: 完整, begins: (一)渠道}
      - {id: 一(二), state: 完整, begins: (二)原则}
      - {id: 一(三), state: 缺失}
terms:
  papers: [搬运单]
  channels: [仓库]
  words: []
  organization_only: [单位搬运函]
"""

PACK = """\
title: 搬运助手
operator: {name: 大力搬运行, called: [大力], hotlines: ["95001"], others: []}
default_document: 集团客户标准服务内容
states_amounts: false
introduced: [搬箱子]
suggestions:
  - {label: 搬箱子要带什么, operation: move_box, aspect: documents}
common_operations: [move_box]
examples: {question: 搬箱子要带什么, another: 搬箱子收费吗, check: 7号箱现在能搬吗}
contact:
  ask: 到仓库咨询
  person: 到仓库
  call: 拨打 95001
  office: 仓库
  verify: 仓库管理员
  sign_in: 登录网站
foreign_things: [钢琴]
half_said: [{said: [搬, 搬走], operations: [move_box]}]
"""


@pytest.fixture(scope="session")
def rules() -> RuleBase:
    return load_rules(KNOWLEDGE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small rule base of a fictitious firm; its only operation is `move_box`."""
    (tmp_path / "operations").mkdir()
    (tmp_path / "topics").mkdir()
    shutil.copy(KNOWLEDGE / "wording.yml", tmp_path)
    shutil.copy(KNOWLEDGE / "facts.yml", tmp_path)
    (tmp_path / "documents.yml").write_text(DOCUMENTS, encoding="utf-8")
    (tmp_path / "pack.yml").write_text(PACK, encoding="utf-8")
    (tmp_path / "operations" / "move_box.yml").write_text(OPERATION, encoding="utf-8")
    return tmp_path


def edit(folder: Path, old: str, new: str, file: str = "operations/move_box.yml") -> None:
    """Replaces the first occurrence of `old` in one file of a rule base."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
