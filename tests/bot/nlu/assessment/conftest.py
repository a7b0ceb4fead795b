from collections.abc import Callable

import pytest

from actions.understanding import Alternative, Understanding
from bot.nlu.assessment.cases import Case
from bot.nlu.evaluation import Labelled, labelled, outcome

MakeCase = Callable[..., Case]


def answered(*operations, confidence=0.9, aspects=("fee",)):
    return Understanding("answer", operations=operations, aspects=aspects, confidence=confidence)


def asked_back(*operations, confidence=0.5):
    choices = tuple(Alternative(one, None, None, confidence) for one in operations)
    return Understanding("clarify", alternatives=choices, confidence=confidence)


def refused(confidence=0.9):
    return Understanding("out_of_scope", confidence=confidence)


def asks(operation="cancel_service", **more) -> Labelled:
    return labelled({"text": "一句话", "decision": "answer", "operation": operation, "aspect": "fee", **more})


def is_not_ours(**more) -> Labelled:
    return labelled({"text": "天气", "decision": "out_of_scope", **more})


@pytest.fixture
def case() -> MakeCase:
    def make(gold: Labelled, got: Understanding) -> Case:
        return Case(gold, got, outcome(gold, got))

    return make
