"""Conditions of eligibility in a form that templates can put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from knowledge.facts import FactSpec, Value
from knowledge.predicates import (
    AllOf,
    AnyOf,
    EndsWithin,
    Lost,
    MoreThan,
    NoneOrPassed,
    Not,
    OneOf,
    Predicate,
    SilentUnless,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word of the vocabulary with Chinese names: the label of its fact, its values, or what it is made of."""

    word: str
    fact: str = ""
    values: tuple[str, ...] = ()
    parts: tuple["Spoken", ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence: text as written, or (`placeholder`) the name of what will be filled in."""

    text: str
    placeholder: bool


def spoken(predicate: Predicate, facts: Mapping[str, FactSpec]) -> Spoken:
    """The predicate with the labels of its facts. Raises `TypeError` for a word that has no Chinese form yet."""

    def values(fact: str, *options: Value) -> tuple[str, ...]:
        return tuple(facts[fact].show(option) for option in options)

    match predicate:
        case OneOf(fact, options):
            return Spoken("one_of", facts[fact].label, values(fact, *options))
        case Not(OneOf(fact, options)):
            return Spoken("not_one_of", facts[fact].label, values(fact, *options))
        case MoreThan(fact, limit):
            return Spoken("more_than", facts[fact].label, values(fact, limit))
        case NoneOrPassed(fact):
            return Spoken("none_or_passed", facts[fact].label, (facts[fact].none or "",))
        case EndsWithin(fact, days):
            return Spoken("ends_within", facts[fact].label, (str(days),))
        case Not() | AllOf() | AnyOf() | SilentUnless() | Lost():
            parts = tuple(spoken(child, facts) for child in predicate.children())
            return Spoken(_WORDS[type(predicate)], parts=parts)
    raise TypeError(type(predicate).__name__)


_WORDS: Mapping[type, str] = {
    Not: "not",
    AllOf: "all",
    AnyOf: "any",
    SilentUnless: "silent_unless",
    Lost: "lost",
}


def pieces(text: str, facts: Mapping[str, FactSpec]) -> list[Piece]:
    """The sentence cut at its placeholders, which are named by the labels of their facts.

    A placeholder that is no fact (the day on which a condition clears) keeps its own name.
    """
    result = []
    for literal, field, _, _ in Formatter().parse(text):
        if literal:
            result.append(Piece(literal, False))
        if field is not None:
            result.append(Piece(facts[field].label if field in facts else field, True))
    return result
