"""What the extractor learns of a rule base, through Rasa's training data."""

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from bot.nlu.cues import Operator
from bot.nlu.extractor import terms_of, words_of_pack
from bot.nlu.terms import Term
from knowledge.loader import load_rules
from knowledge.vocabulary import generate
from tests.packs.conftest import XINGCHA


@pytest.fixture(scope="module")
def training_data(tmp_path_factory):
    """The generated files of the fictitious pack, in which two entries share a wording."""
    folder = tmp_path_factory.mktemp("generated")
    generate(load_rules(XINGCHA / "knowledge"), folder)
    with (folder / "patterns.yml").open("a", encoding="utf-8") as file:
        for entry in ("operation/port_number", "topic/early_termination"):
            file.write(f"- lookup: wording/{entry}\n  examples: |\n    - 退ＷＩＦＩ\n")
    lookup, synonyms, patterns = (load_data(str(folder / f"{name}.yml")) for name in ("lookup", "synonyms", "patterns"))
    return lookup.merge(synonyms).merge(patterns)


def test_names_aliases_and_patterns_become_terms(training_data):
    terms = terms_of(training_data)
    for term in (
        Term("operation", "port_number", "携号转网"),
        Term("operation", "port_number", "转网"),
        Term("operation", "port_number", "把…号…转到"),
        Term("topic", "early_termination", "合约…没到期…退"),
    ):
        assert term in terms


def test_a_shared_wording_becomes_a_term_of_each_owner_in_its_normal_form(training_data):
    owners = {(term.kind, term.id) for term in terms_of(training_data) if term.wording == "退wifi"}
    assert owners == {("operation", "port_number"), ("topic", "early_termination")}


def test_the_operator_and_foreign_things_come_from_the_pack(training_data):
    words = words_of_pack(training_data)
    assert "银行卡" in words.foreign_things
    assert words.operator == Operator(("星槎",), ("96188",))


def test_bare_words_that_several_operations_may_be_meant_by_come_from_the_pack(training_data):
    assert words_of_pack(training_data).half_said["转"] == ("port_number", "second_number")
