import pytest
import yaml

from actions.settings import settings
from bot.nlu.assessment import diversity
from bot.nlu.assessment.diversity import Utterance, near_pairs, nearest, report, shared_runs, styles, utterances


def line(text, file="a.yml", subject="operation:cancel_service"):
    return Utterance(text, text.lower(), file, subject, "fee")


def write(folder, name, *texts):
    block = {"intent": "ask_fee", "metadata": {"operation": "cancel_service"}}
    content = {"nlu": [{**block, "examples": "".join(f"- {text}\n" for text in texts)}, {"lookup": "x"}]}
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_lines_are_read_with_what_they_teach(tmp_path):
    write(tmp_path, "b/c.yml", "销户 多少钱？", "ＡＢＣ")
    first, second = utterances(tmp_path)
    assert first == Utterance("销户 多少钱？", "销户多少钱?", "b/c.yml", "operation:cancel_service", "fee")
    assert (second.written, second.text) == ("ＡＢＣ", "abc")


def test_the_same_line_twice_is_found_even_where_it_is_one_character(tmp_path):
    assert [pair.likeness for pair in near_pairs([line("销"), line("销"), line("户")])] == [1.0]


def test_a_swapped_word_in_a_long_line_is_nearly_the_same():
    long = "我们公司有二十个号码想要全部注销掉请问一下需要带些什么材料去营业厅"
    pairs = near_pairs([line(long), line(long.replace("二十", "三十")), line("别的话")])
    assert [(pair.one.text, pair.other.text) for pair in pairs] == [(long, long.replace("二十", "三十"))]


def test_a_repeated_character_does_not_make_two_lines_the_same():
    assert near_pairs([line("88"), line("888888")]) == []


def test_the_nearest_other_line_is_the_most_alike():
    assert nearest([line("一二三四"), line("一二三五"), line("六七八九")]) == [0.5, 0.5, 0.0]


def test_runs_shared_between_files_are_counted():
    found = shared_runs([line("一二三四五六"), line("零一二三四五", "b.yml"), line("七八九", "c.yml")])
    assert found == {"a.yml": (0.5, "b.yml"), "b.yml": (0.5, "a.yml"), "c.yml": (0.0, "")}


def test_styles_are_told_from_what_was_written():
    data = [line("我要销户"), line("不用這個號了？"), line("OK", subject="affirm"), line("好👍1", subject="affirm")]
    found = styles(data, {"cancel_service": ["销户"]})
    assert found["规则能答的里面，说出了业务名称或别名"] == 0.5
    assert [found[one] for one in ("含数字", "夹英文字母", "繁体字", "表情符号", "带问号")] == [0.25] * 5


@pytest.mark.parametrize(("more", "code", "said"), [([], 0, "没有重复的句子"), (["销户收费吗"], 1, "：1 对")])
def test_duplicates_fail_the_check(more, code, said, tmp_path, monkeypatch, capsys):
    write(tmp_path, "data/nlu/a.yml", "销户收费吗", "注销要钱不")
    write(tmp_path, "data/nlu/b.yml", "拆机怎么算钱", *more)
    rules = settings().rules

    class Pack:
        pack = tmp_path

    Pack.rules = rules
    monkeypatch.setattr(diversity, "settings", lambda: Pack)
    assert diversity.main() == code
    printed = capsys.readouterr().out
    assert said in printed
    assert "operation:cancel_service" in printed


def test_a_report_on_nothing_is_a_report():
    assert "训练句 0 句" in report([], {}, [])
