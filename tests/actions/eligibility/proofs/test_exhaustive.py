"""Every account state of the small domains, against the contract written down a second time."""

import pytest

from actions.eligibility.evaluator import evaluate
from knowledge.predicates import facts_of
from tests.actions.eligibility.domains import ON, domains_of, states
from tests.actions.eligibility.proofs.conftest import OPERATIONS
from tests.actions.eligibility.proofs.contract import CONTRACT, NEVER, status


def test_every_condition_is_one_of_the_contract_and_reads_its_facts_only(rules):
    assert rules.operation in CONTRACT, "write the operation down in contract.py as well"
    conditions = CONTRACT[rules.operation].conditions
    assert {condition.id for condition in rules.conditions} == set(conditions)
    for condition in rules.conditions:
        assert set(facts_of(condition.require)) == set(conditions[condition.id].facts), condition.id


def test_every_state_gets_the_status_and_the_conditions_of_the_contract(rules):
    contract, domains = CONTRACT[rules.operation], domains_of(rules)
    tried = 0
    for state in states(rules):
        outcome = evaluate(rules, state, ON)
        applies = contract.applies.truth(state, ON, domains)
        truths = tuple(contract.conditions[c.id].truth(state, ON, domains) for c in rules.conditions_on(ON))
        expected = status(applies, truths)
        assert outcome.status == expected, state
        assert outcome.applies is applies, state
        assert outcome.truths == (() if applies is False else truths), state
        tried += 1
    assert tried >= len(domains["status"])


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name in CONTRACT])
def test_every_status_that_the_contract_leaves_open_is_reached(operation, all_rules):
    rules, contract = all_rules[operation], CONTRACT[operation]
    seen = {evaluate(rules, state, ON).status for state in states(rules)}
    expected = {"not_applicable"}
    if contract is not NEVER:
        expected.add("needs_review")
        expected |= set() if "lost_text" in contract.conditions else {"allowed"}
        can_bar = set(contract.conditions) - {"lost_text", "individual_public_rules", "blacklist_clear"}
        expected |= {"blocked"} if can_bar else set()
    assert seen == expected
