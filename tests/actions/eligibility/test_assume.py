from datetime import date
from decimal import Decimal

import pytest

from actions.accounts.facts import Absent, AccountFacts, Known
from actions.eligibility.assume import AssumptionError, parse_assumptions, with_assumptions
from knowledge.facts import load_facts
from tests.actions.eligibility.conftest import RULES

FACTS = load_facts(RULES / "facts.yml")


def test_assumptions_are_typed():
    texts = ["arrears=0", "roaming=是", "points=7", "plan_agreement_end=2028-02-29", "relocated=none", "status=lost"]
    assert parse_assumptions(texts, FACTS) == {
        "arrears": Decimal("0.00"),
        "roaming": True,
        "points": 7,
        "plan_agreement_end": date(2028, 2, 29),
        "relocated": "none",
        "status": "lost",
    }


@pytest.mark.parametrize(
    "texts",
    [
        ["arrears"],
        ["=5"],
        ["salary=5"],
        ["arrears=much"],
        ["arrears=-1"],
        ["arrears=none"],
        ["arrears="],
        ["points=1.5"],
        ["points=" + "9" * 18],
        ["roaming=maybe"],
        ["status=asleep"],
        ["plan_agreement_end=2027-02-29"],
        ["arrears=0", "arrears=1"],
    ],
)
def test_an_assumption_that_cannot_be_read_gets_one_sentence(texts):
    with pytest.raises(AssumptionError, match="--assume") as caught:
        parse_assumptions(texts, FACTS)
    assert "\n" not in str(caught.value)


def test_an_assumed_none_is_explicit():
    account = with_assumptions(AccountFacts("1", None, None, {}), {"relocated": "none", "points": 3})
    assert isinstance(account.fact("relocated"), Absent)
    assert account.fact("points") == Known(3, "假设", None)
