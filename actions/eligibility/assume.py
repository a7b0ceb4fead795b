"""Assumed facts, for questions like "what if I paid today"."""

from collections.abc import Iterable, Mapping

from actions.accounts.facts import Absent, AccountFacts, Fact, Known
from knowledge.facts import NONE, FactSpec, FactValueError, Value

SOURCE = "假设"


class AssumptionError(ValueError):
    """An assumption that cannot be read; the message is one Chinese sentence."""


def parse_assumptions(texts: Iterable[str], facts: Mapping[str, FactSpec]) -> dict[str, Value]:
    """Reads `FACT=VALUE` texts as typed values. Raises `AssumptionError`."""
    result: dict[str, Value] = {}
    for text in texts:
        name, separator, value = (part.strip() for part in text.partition("="))
        if not separator:
            raise AssumptionError(f"--assume 应写成 事实=值，例如 arrears=0.00，现在是“{text}”。")
        if name not in facts:
            raise AssumptionError(f"--assume 里没有“{name}”这个事实；可以写的是：{'、'.join(facts)}。")
        if name in result:
            raise AssumptionError(f"--assume 里 {name} 写了两次。")
        try:
            result[name] = facts[name].from_text(value)
        except FactValueError as error:
            raise AssumptionError(f"--assume 里 {name} 的值{error}。") from error
    return result


def with_assumptions(account: AccountFacts, assumed: Mapping[str, Value]) -> AccountFacts:
    """The account as if these facts were so."""
    facts: dict[str, Fact] = {
        name: Absent(SOURCE, None) if value == NONE else Known(value, SOURCE, None) for name, value in assumed.items()
    }
    return account.with_facts(facts)
