"""Whether a message that names nothing is about what the conversation is about: whether the rules of that speak of it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, get_args

from actions.conversation.context import Context, Request
from actions.understanding import Alternative
from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.identifiers import Aspect, Role, Status
from knowledge.model import RuleBase

# The overview says in short what the others say; nobody can look up an account in a text.
_ASPECTS: Final[tuple[Aspect, ...]] = tuple(one for one in get_args(Aspect) if one not in ("overview", "eligibility"))
# Said of every gap in the rules, and so of nothing in particular.
_GAPS: Final[tuple[Status, ...]] = ("lost", "refers_to_public_rules")
_SENTENCE: Final = re.compile(r"[。；！？\n]")
# 「超时」 is said for 「超过时限」: so many characters may be left out between two.
_LEFT_OUT: Final = 2


def about_the_subject(
    rules: RuleBase, context: Context, words: Sequence[str], aspects: Sequence[Aspect], role: Role, on: date
) -> Request | None:
    """What is asked about the subject of the conversation, where its rules speak of everything that the message names.

    Args:
        rules: the rule base.
        context: the conversation so far.
        words: what the message names, without the words that only ask.
        aspects: what it seems to ask.
        role: who asks; nothing is looked for in what others alone are told.
        on: the day of the rules.
    """
    if not any(len(word) > 1 for word in words):
        return None
    if context.topic:
        speaks = _speaks_of(answer_topic(rules, context.topic, role, on), words)
        return Request(topic=context.topic) if speaks else None
    if not context.operation:
        return None
    operation, ownership = context.operation, context.ownership
    fitting = [
        aspect
        for aspect in _ASPECTS
        if _speaks_of(answer_operation(rules, operation, aspect, ownership, role, on), words)
    ]
    if not fitting:
        return None
    aspect = next((one for one in (*aspects, context.aspect) if one in fitting), fitting[0])
    return Request(operation=operation, aspect=aspect, ownership=ownership)


def of_the_same_document(rules: RuleBase, context: Context, alternatives: Sequence[Alternative]) -> Request | None:
    """The one guess that is a topic of the document that the conversation is about; None where there is not exactly one."""
    if context.topic is None:
        return None
    document = rules.topics[context.topic].document
    same = [one.topic for one in alternatives if one.topic and rules.topics[one.topic].document == document]
    return Request(topic=same[0]) if len(same) == 1 else None


def _speaks_of(answer: Answer, words: Sequence[str]) -> bool:
    """Whether one sentence has all the words."""
    text = "\n".join(part.text for part in answer.parts if part.status not in _GAPS)
    return any(all(_says(sentence, word) for word in words) for sentence in _SENTENCE.split(text))


def _says(sentence: str, word: str) -> bool:
    """Whether a sentence has the word, the longer form of it, or both halves of it."""
    if re.search(f".{{0,{_LEFT_OUT}}}".join(map(re.escape, word)), sentence):
        return True
    return any(word[:cut] in sentence and word[cut:] in sentence for cut in range(2, len(word) - 1))
