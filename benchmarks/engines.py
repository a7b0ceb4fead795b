"""The same conditions in other people's engines, each condition an expression of its own, so that reasons are kept.

What an engine cannot evaluate counts as unknown; the three-valued status is then formed here as the contract has it.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import rule_engine
import zen

from actions.eligibility.evaluator import scope_of
from knowledge.conditions import OperationRules
from knowledge.facts import NONE, Value
from knowledge.predicates import AllOf, AnyOf, NoneOrPassed, Not, OneOf, Predicate, SilentUnless, Truth, Values
from tests.actions.eligibility.proofs import cel
from tests.actions.eligibility.proofs.contract import status

Evaluate = Callable[[Any], Truth]
DATED = cel.DATED


def expression(predicate: Predicate) -> str:
    """The predicate in the words that rule-engine and zen-engine share."""
    match predicate:
        case OneOf(fact, options):
            return "(" + " or ".join(f"{fact} == {_literal(option)}" for option in options) + ")"
        case NoneOrPassed(fact):
            return f"({fact}_is_none or today > {fact})"
        case Not(child):
            return f"(not {expression(child)})"
        case AllOf(parts):
            return "(" + " and ".join(map(expression, parts)) + ")"
        case AnyOf(parts):
            return "(" + " or ".join(map(expression, parts)) + ")"
        case SilentUnless(child):
            return expression(child)
    raise TypeError(predicate)


def facts(values: Values, on: date, convert: Callable[[Value], Any]) -> dict[str, Any]:
    """The known facts with a marker beside each date that says whether there is one."""
    result: dict[str, Any] = {"today": convert(on)}
    for name, value in values.items():
        if name.endswith(DATED):
            result[f"{name}_is_none"] = value == NONE
        if value != NONE or not name.endswith(DATED):
            result[name] = convert(value)
    return result


def _literal(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def _number(value: Value) -> Any:
    """What zen-engine takes: neither dates nor decimals."""
    return float(value) if isinstance(value, Decimal) else value.toordinal() if isinstance(value, date) else value


def _plain(value: Value) -> Any:
    """What rule-engine takes: words as bare `str`, since it holds a subclass to be unequal to any word."""
    return str(value) if isinstance(value, str) else value


class Engine:
    """One engine with the conditions of one operation; `prepare` turns facts into its types, `status` judges."""

    def __init__(
        self,
        rules: OperationRules,
        compiled: Callable[[Predicate], Evaluate],
        prepare: Callable[[Values, date], Any],
    ) -> None:
        self.prepare = prepare
        self._applies = compiled(scope_of(rules))
        self._conditions = [compiled(condition.require) for condition in rules.conditions]
        self._silent = [isinstance(condition.require, SilentUnless) for condition in rules.conditions]

    def status(self, prepared: Any) -> str:
        """The status of one account."""
        applies = self._applies(prepared)
        if applies is False:
            return "not_applicable"
        truths = [evaluate(prepared) for evaluate in self._conditions]
        return status(
            applies, (truth or None if silent else truth for truth, silent in zip(truths, self._silent, strict=True))
        )


def with_rule_engine(rules: OperationRules) -> Engine:
    def compiled(predicate: Predicate) -> Evaluate:
        rule = rule_engine.Rule(expression(predicate))

        def evaluate(prepared: Any) -> Truth:
            try:
                return bool(rule.evaluate(prepared))
            except rule_engine.errors.EvaluationError:
                return None

        return evaluate

    return Engine(rules, compiled, lambda values, on: facts(values, on, _plain))


def with_zen_engine(rules: OperationRules) -> Engine:
    def compiled(predicate: Predicate) -> Evaluate:
        program = zen.compile_expression(expression(predicate))

        def evaluate(prepared: Any) -> Truth:
            try:
                return bool(program.evaluate(prepared))
            except RuntimeError:
                return None

        return evaluate

    return Engine(rules, compiled, lambda values, on: facts(values, on, _number))


def with_cel_python(rules: OperationRules) -> Engine:
    def compiled(predicate: Predicate) -> Evaluate:
        return cel.Program(cel.source(predicate)).truth

    return Engine(rules, compiled, cel.activation)


ENGINES: dict[str, Callable[[OperationRules], Engine]] = {
    "rule-engine": with_rule_engine,
    "zen-engine": with_zen_engine,
    "cel-python": with_cel_python,
}
