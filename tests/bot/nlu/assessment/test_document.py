import json

import pytest

from bot.nlu.assessment import pictures
from bot.nlu.assessment.document import PICTURES, errors_json, errors_text, report_text, write_report
from bot.nlu.evaluation import Tally
from tests.bot.nlu.assessment.conftest import answered, asked_back, asks, is_not_ours, refused

NAMES = {"cancel_service": "销户", "relocate": "移机", "fee": "收费标准", "typo": "错别字"}


@pytest.fixture
def cases(case):
    return [
        case(asks(style="typo"), answered("cancel_service")),
        case(asks(text="搬|家\n呢"), answered("relocate", confidence=0.61)),
        case(asks(), asked_back("relocate", "cancel_service")),
        case(asks(), answered("cancel_service", aspects=("channels",))),
        case(asks(operations=["cancel_service", "relocate"]), answered("cancel_service")),
        case(asks("relocate"), refused()),
        case(is_not_ours(), answered("relocate")),
    ]


def tally_of(cases):
    tally = Tally()
    for one in cases:
        tally.add(one.gold, one.got)
    return tally


def test_the_report_has_figures_groups_and_errors_by_kind(cases):
    text = report_text(cases, tally_of(cases), NAMES)
    assert "| 答对 | 50.0% |" in text
    assert "| 销户（cancel_service） | 3 | 1 | 1 | 0 | 0 | 0 |" in text
    assert "| 错别字（typo） | 1 |" in text
    assert "### 答成了别的业务（1）" in text
    assert "| 销户（cancel_service） | 移机（relocate） | 0.61 | 搬\\|家 呢 |" in text
    assert "反问：移机、销户" in text
    assert "### 没人问的规则答案（1）" in text
    assert "### 业务对，方面不对（1）" in text


def test_the_terminal_and_programs_get_the_first_errors_of_each_kind(cases):
    text = errors_text([*cases, *cases], 1)
    assert "答成了别的业务：2 个\n  cancel_service → relocate（0.61）" in text
    assert text.count("搬") == 1
    assert errors_json(cases, 1)["false"] == [
        {"text": "天气", "want": "out_of_scope", "got": "relocate", "confidence": 0.9}
    ]
    assert errors_text([], 3) == "没有错误。"


def test_a_folder_gets_the_report_and_its_pictures(cases, tmp_path):
    folder = tmp_path / "new" / "report"
    write_report(folder, cases, tally_of(cases), NAMES)
    text = (folder / "report.md").read_text(encoding="utf-8")
    for name in PICTURES:
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
        assert f"]({name})" in text


def test_no_questions_give_a_report_too(tmp_path):
    write_report(tmp_path, [], Tally(), NAMES)
    assert "没有这样的问题" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_without_a_chinese_font_identifiers_stand_in_the_pictures(monkeypatch):
    confusion = {"rows": ["relocate"], "columns": ["relocate", "cancel_service"], "counts": [[3, 1]]}
    monkeypatch.setattr(pictures.font_manager, "findSystemFonts", list)
    axes = pictures.Painter(NAMES).confusion(confusion).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["relocate", "cancel_service"]
    assert axes.get_xlabel().isascii()


def test_the_numbers_behind_the_pictures_stay_beside_them(cases, tmp_path):
    write_report(tmp_path, cases, tally_of(cases), NAMES)
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["answered_today"] == 5
    assert figures["subjects"]["rows"]
