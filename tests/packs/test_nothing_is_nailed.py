"""The code and the sentences of the product belong to no operator and to no rule document."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.settings import ROOT
from knowledge.loader import load_rules

RULES = load_rules(ROOT / "knowledge")
OPERATOR = RULES.pack.operator
# Whose rules these are, and where they stand: nobody else's product may speak of them.
BELONGINGS = (OPERATOR.name, *OPERATOR.called, *OPERATOR.hotlines, RULES.pack.contact.office, *RULES.documents.by_title)
IDENTIFIERS = {*RULES.operations, *RULES.topics}
CODE = [path for room in ("knowledge", "actions", "bot") for path in (ROOT / room).rglob("*.py")]
DATA = [
    ROOT / "config.yml",
    ROOT / "domain.yml",
    ROOT / "knowledge" / "wording.yml",
    ROOT / "actions" / "wording.yml",
    ROOT / "actions" / "eligibility" / "wording.yml",
    *(ROOT / "data" / "rules").rglob("*.yml"),
    *(ROOT / "bot" / "web").glob("*.html"),
    *(ROOT / "bot" / "web").glob("*.js"),
]


def texts(path: Path) -> Iterator[str]:
    """The string constants of a module, without its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_speaks_of_one_operator_or_knows_one_operation(path):
    found = [(text, word) for text in texts(path) for word in BELONGINGS if word in text]
    assert not found
    assert IDENTIFIERS.isdisjoint(texts(path))


@pytest.mark.parametrize("path", DATA, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_of_the_product_speaks_of_one_operator(path):
    text = path.read_text(encoding="utf-8")
    assert [word for word in BELONGINGS if word in text] == []
    assert [identifier for identifier in IDENTIFIERS if f" {identifier}" in text] == []
