"""`python -m bot knowledge show`: in the terminal and as pages."""

import shutil

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main


@pytest.fixture
def set_environment(monkeypatch):
    """Changes environment variables and makes the settings follow."""

    def change(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        settings.cache_clear()

    monkeypatch.delenv("RULE_SOURCES", raising=False)
    settings.cache_clear()
    yield change
    settings.cache_clear()


@pytest.fixture
def rules_folder(tmp_path, set_environment):
    """A copy of the rule base that the settings point at."""
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("__pycache__"))
    set_environment(RULES_DIR=folder)
    return folder


def test_show_lists_everything_and_marks_the_gaps(capsys):
    assert main(["knowledge", "show"]) == 0
    out = capsys.readouterr().out
    assert "  cancel_service　销户（五）　有空缺：收费标准、办理时限\n" in out
    assert "  replace_sim　补换卡（十二）\n" in out
    assert "  data_cap　流量封顶（《集团客户入网协议》第二条(三)）" in out


def test_show_marks_an_operation_that_has_no_answers_yet_and_says_why(capsys, rules_folder):
    path = rules_folder / "operations" / "replace_sim.yml"
    head = path.read_text(encoding="utf-8").split("\nanswers:")[0]
    path.write_text(head + "\nunanswered: 等新文件。\n", encoding="utf-8")

    assert main(["knowledge", "show"]) == 0
    assert "  replace_sim　补换卡（十二）　答复未整理\n" in capsys.readouterr().out
    assert main(["knowledge", "show", "replace_sim"]) == 0
    assert "原因：等新文件。" in capsys.readouterr().out


def test_show_of_an_operation_is_a_readable_sheet(capsys):
    assert main(["knowledge", "show", "cancel_service"]) == 0
    out = capsys.readouterr().out
    assert "【所需材料】\n单位名称开户（有明文规定；《集团客户标准服务内容》五(二)）\n" in out
    assert "（仅供工作人员）\n" in out
    assert "这一项另有内部工作要求，只供工作人员查阅。（只对客户说）\n" in out


def test_show_of_a_topic_is_a_readable_sheet(capsys):
    assert main(["knowledge", "show", "data_cap"]) == 0
    assert "《集团客户入网协议》第二条(三)" in capsys.readouterr().out


def test_show_tells_the_period_of_a_dated_rule(capsys, rules_folder):
    path = rules_folder / "operations" / "replace_sim.yml"
    text = path.read_text(encoding="utf-8")
    marked = text.replace("  fee:\n    any:\n", "  fee:\n    any:\n      valid: {from: 2026-01-01}\n", 1)
    assert marked != text
    path.write_text(marked, encoding="utf-8")

    assert main(["knowledge", "show", "replace_sim"]) == 0
    out = capsys.readouterr().out
    assert "；有效期：2026-01-01至不限）" in out
    assert "；有效期：不限至2025-12-31）" in out


def test_show_of_something_unknown_is_bad_usage(capsys):
    assert main(["knowledge", "show", "fly"]) == 2
    assert "“fly”" in capsys.readouterr().err


def test_show_writes_pages_and_says_how_many_and_where(capsys, tmp_path, set_environment):
    out = tmp_path / "sheet"
    for _ in range(2):
        assert main(["knowledge", "show", "--html", str(out)]) == 0
        assert capsys.readouterr().out == f"写好了 61 个网页，从这里打开：{out / 'index.html'}\n"
    assert len(list(out.rglob("*.html"))) == 61


def test_pages_are_made_for_the_pretended_day(tmp_path, set_environment):
    set_environment(RULES_TODAY="2031-02-03")

    assert main(["knowledge", "show", "--html", str(tmp_path / "sheet")]) == 0
    assert "状态按 2031年2月3日这一天" in (tmp_path / "sheet" / "gaps.html").read_text(encoding="utf-8")


def test_a_day_can_be_named(capsys, tmp_path, set_environment):
    assert main(["knowledge", "show", "--html", str(tmp_path / "sheet"), "--on", "2031-02-03"]) == 0
    assert "状态按 2031年2月3日这一天" in (tmp_path / "sheet" / "index.html").read_text(encoding="utf-8")
    assert main(["knowledge", "show", "--on", "2031-02-30"]) == 2
    assert "“2031-02-30”不是有效的日期" in capsys.readouterr().err


def test_pages_are_not_written_over_other_things(capsys, tmp_path, set_environment):
    (tmp_path / "letter.txt").write_text("信", encoding="utf-8")

    assert main(["knowledge", "show", "--html", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"文件夹“{tmp_path}”里有别的内容")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_place_that_cannot_be_written_gets_one_sentence(capsys, tmp_path, set_environment):
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "sheet"

    assert main(["knowledge", "show", "--html", str(out)]) == 2
    assert capsys.readouterr().err == f"文件夹“{out}”写不进去，请换一个地方，或者检查有没有权限。\n"


def test_one_page_alone_cannot_be_asked_for(capsys, tmp_path):
    assert main(["knowledge", "show", "cancel_service", "--html", str(tmp_path / "sheet")]) == 2
    assert "不用再写编号" in capsys.readouterr().err


def test_passages_come_from_the_copy_that_the_settings_name(tmp_path, set_environment, rules_folder):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "text.txt").write_text("第四篇\n五、销户\n手边这一份的文字\n", encoding="utf-8")
    set_environment(RULE_SOURCES=tmp_path / "copy")

    assert main(["knowledge", "show", "--html", str(tmp_path / "sheet")]) == 0
    page = (tmp_path / "sheet" / "operations" / "cancel_service.html").read_text(encoding="utf-8")
    assert "手边这一份的文字" in page


def test_a_copy_that_does_not_exist_is_named(capsys, tmp_path, set_environment):
    set_environment(RULE_SOURCES=tmp_path / "nowhere")

    assert main(["knowledge", "show", "--html", str(tmp_path / "sheet")]) == 2
    assert "nowhere”不存在" in capsys.readouterr().err
    assert not (tmp_path / "sheet").exists()
