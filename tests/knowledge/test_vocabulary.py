"""The generated files follow the rule base."""

from pathlib import Path

import yaml

from knowledge import vocabulary
from knowledge.loader import load_rules
from tests.knowledge.conftest import edit

GENERATED = Path(__file__).resolve().parents[2] / "data" / "generated"


def test_the_generated_files_are_in_step_with_the_rule_base(rules):
    assert vocabulary.check(rules, GENERATED) == []


def test_a_changed_alias_makes_the_files_stale_and_generating_heals_them(folder, tmp_path):
    out = tmp_path / "generated"
    assert vocabulary.generate(load_rules(folder), out) == [
        "lookup.yml",
        "synonyms.yml",
        "patterns.yml",
        "jieba/terms.txt",
    ]
    edit(folder, "挪箱子", "移箱子")
    rules = load_rules(folder)
    assert vocabulary.check(rules, out) == ["lookup.yml", "synonyms.yml", "jieba/terms.txt"]
    vocabulary.generate(rules, out)
    assert vocabulary.check(rules, out) == []


def test_generating_twice_writes_nothing_the_second_time(folder, tmp_path):
    rules = load_rules(folder)
    vocabulary.generate(rules, tmp_path / "generated")
    assert vocabulary.generate(rules, tmp_path / "generated") == []


def test_every_wording_is_a_synonym_of_its_own_operation(rules):
    blocks = yaml.safe_load((GENERATED / "synonyms.yml").read_text(encoding="utf-8"))["nlu"]
    synonyms = {block["synonym"]: block["examples"] for block in blocks}
    assert "- 销号\n" in synonyms["cancel_service"]
    assert synonyms.keys() == {*rules.operations, *rules.topics}


def test_a_wording_with_a_blank_is_no_word_for_the_tokeniser(folder, tmp_path):
    edit(folder, "挪箱子", "搬 箱")
    vocabulary.generate(load_rules(folder), tmp_path)
    assert "搬 箱" in (tmp_path / "lookup.yml").read_text(encoding="utf-8")
    assert "搬 箱" not in (tmp_path / "jieba" / "terms.txt").read_text(encoding="utf-8")


def test_the_jieba_folder_holds_one_dictionary_of_single_words():
    assert [path.name for path in (GENERATED / "jieba").iterdir()] == ["terms.txt"]
    lines = (GENERATED / "jieba" / "terms.txt").read_text(encoding="utf-8").splitlines()
    assert all(len(line.split(" ")) == 3 for line in lines)
    assert any(line.startswith("单位介绍信 ") for line in lines)


def tables(folder):
    blocks = yaml.safe_load((folder / "patterns.yml").read_text(encoding="utf-8"))["nlu"]
    return {block["lookup"]: block["examples"].splitlines() for block in blocks}


def test_patterns_and_the_packs_words_are_lookup_tables_of_their_own(folder, tmp_path):
    edit(folder, "aliases: [搬箱, 挪箱子]\n", "aliases: [搬箱, 挪箱子]\npatterns: [把…箱…搬]\n")
    vocabulary.generate(load_rules(folder), tmp_path)
    assert tables(tmp_path) == {
        "wording/operation/move_box": ["- 把…箱…搬"],
        "foreign_thing": ["- 钢琴"],
        "operator_name": ["- 大力"],
        "operator_hotline": ["- 95001"],
        "half_said/move_box": ["- 搬", "- 搬走"],
    }


def test_a_shared_wording_means_each_of_its_owners(folder, tmp_path):
    edit(folder, "aliases: [搬箱, 挪箱子]\n", "aliases: [搬箱, 挪箱子]\nshared_aliases: [搬箱]\n")
    (folder / "topics" / "weight.yml").write_text(
        "id: weight\nname: 重量\ndocument: 集团客户标准服务内容\nsection: 一\naliases: [搬箱]\nshared_aliases: [搬箱]\n",
        encoding="utf-8",
    )
    vocabulary.generate(load_rules(folder), tmp_path)
    assert tables(tmp_path)["wording/operation/move_box"] == ["- 搬箱"]
    assert tables(tmp_path)["wording/topic/weight"] == ["- 搬箱"]
    assert "- 搬箱\n" not in (tmp_path / "synonyms.yml").read_text(encoding="utf-8")
