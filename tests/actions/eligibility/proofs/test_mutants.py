"""Rules broken on purpose in one place: the cases beside them, or the contract over whole domains, must notice.

What z3 proves to change nothing for any account is not broken, and does not count.
"""

from functools import cache
from pathlib import Path
from typing import Any

import z3

from actions.eligibility.evaluator import evaluate, scope_of
from knowledge.conditions import OperationRules
from knowledge.yaml_source import read_yaml
from tests.actions.eligibility.domains import ON, State, domains_of, states
from tests.actions.eligibility.proofs.contract import CONTRACT
from tests.actions.eligibility.proofs.mutants import Mutant, mutants
from tests.actions.eligibility.proofs.solver import Accounts
from tests.actions.eligibility.rule_cases import judged


@cache
def cases_beside(path: Path) -> Any:
    return read_yaml(path.with_name(f"{path.stem}.cases.yml"))


def noticed_by_the_cases(mutant: Mutant) -> bool:
    content = cases_beside(mutant.rules.path)
    try:
        return any(judged(mutant.rules, content["base"], case) != dict(case["expect"]) for case in content["cases"])
    except KeyError:
        # Its wording names a fact that it no longer reads: such a file does not load.
        return True


def expected_by_the_contract(rules: OperationRules) -> list[tuple[State, Any, Any]]:
    """Each account state, whether the operation applies, and each condition's truth."""
    contract, domains = CONTRACT[rules.operation], domains_of(rules)
    result = []
    for state in states(rules):
        applies = contract.applies.truth(state, ON, domains)
        truths = tuple(contract.conditions[c.id].truth(state, ON, domains) for c in rules.conditions_on(ON))
        result.append((state, applies, () if applies is False else truths))
    return result


def noticed_by_the_contract(mutant: Mutant, expected: list[tuple[State, Any, Any]]) -> bool:
    for state, applies, truths in expected:
        outcome = evaluate(mutant.rules, state, ON)
        if (outcome.applies, outcome.truths) != (applies, truths):
            return True
    return False


def changes_nothing(mutant: Mutant, rules: OperationRules) -> bool:
    """Whether the broken predicate has the same truth for every account of which it is asked."""
    if mutant.before is None or mutant.after is None:
        return False
    accounts = Accounts(rules.facts)
    scope_kept = mutant.rules.scope is rules.scope
    asked = z3.Not(accounts.formulas(scope_of(rules)).false) if scope_kept else z3.BoolVal(True)
    return accounts.equivalent(mutant.before, mutant.after, asked)


def test_every_mutant_is_noticed(rules):
    expected = expected_by_the_contract(rules)
    survivors = [
        mutant.name
        for mutant in mutants(rules)
        if not noticed_by_the_cases(mutant)
        and not noticed_by_the_contract(mutant, expected)
        and not changes_nothing(mutant, rules)
    ]
    assert survivors == []
