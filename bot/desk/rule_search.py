"""`GET search/rules`: operations, their answers, topics and sections by the words that stand in them."""

import asyncio
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from aiohttp import web

from actions.conversation.wording import aspect_label
from actions.rule_sources import rule_sources
from actions.settings import today
from bot.conversations.tokens import index_terms, plain, query_terms, word_bounds
from bot.desk import parameters
from bot.desk.snippets import snippet, wanted_words
from bot.gateway.answers import json_answer
from bot.gateway.staff_access import staff_of
from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.answers.model import citations_json
from knowledge.identifiers import RULE_ASPECTS
from knowledge.model import Citation, RuleBase

_MOST: Final = 30
# A word of the title says more of what something is about than one of its text; but all sections of a document share
# the words of its name.
_TITLE_WEIGHTS: Final = {"operation": 4.0, "topic": 4.0, "aspect": 3.0, "section": 0.5}


def add_routes(app: web.Application) -> None:
    """Adds the route."""
    app.router.add_get("/api/v1/staff/search/rules", get_rules)


async def get_rules(request: web.Request) -> web.Response:
    """What the rules have on some words, the most fitting first."""
    staff_of(request)
    query = parameters.words(request.query, "q", 1, 100)
    rules = await asyncio.to_thread(parameters.current_rules)
    return json_answer({"query": query, "results": await asyncio.to_thread(search, rules, query, today())})


@dataclass(frozen=True, slots=True)
class _Place:
    """Something that can be found."""

    kind: str
    title: str
    text: str
    citations: tuple[Citation, ...]
    operation: str | None = None
    aspect: str | None = None
    topic: str | None = None
    names: str = ""


@dataclass(frozen=True, slots=True)
class _Index:
    places: list[_Place]
    titles: list[frozenset[str]]
    texts: list[frozenset[str]]
    weights: dict[str, float]


def search(rules: RuleBase, query: str, on: date) -> list[dict[str, Any]]:
    """The places that have most words of the query, the most fitting first."""
    terms = query_terms(query)
    if not terms:
        return []
    index = _index(_Key(rules, on))
    named = _named(rules, query)
    scored = []
    for number, place in enumerate(index.places):
        title, text = index.titles[number], index.texts[number]
        weight, score, found = _TITLE_WEIGHTS[place.kind], 0.0, 0
        for word, parts in terms:
            hits = [one for one in (word, *parts) if one in title or one in text]
            found += word in hits or (bool(parts) and set(parts) <= set(hits))
            score += sum(index.weights[one] * (weight if one in title else 1.0) for one in hits)
        if score:
            scored.append((place.operation in named, found, score, -len(place.text), number))
    scored.sort(reverse=True)
    most = max((found for _, found, *_ in scored), default=0)
    wanted = wanted_words(query)
    return [
        _shown(index.places[number], wanted)
        for is_named, found, _, _, number in scored
        if is_named or found >= most - 1
    ][:_MOST]


def _named(rules: RuleBase, query: str) -> frozenset[str]:
    """Operations whose name stands in the query: they are what is asked about, whatever else shares its words.

    A name that is only a part of a longer one does not count (挂失 in 解除挂失), nor one across words (入网 in 加入网络).
    """
    form = plain(query).text
    bounds = word_bounds(form)
    found = [
        (start, start + len(name), operation.id)
        for operation in rules.operations.values()
        for name in {plain(one).text for one in (operation.name, *operation.aliases)}
        for start in range(len(form))
        if len(name) > 1 and form.startswith(name, start) and {start, start + len(name)} <= bounds
    ]
    return frozenset(
        which
        for start, end, which in found
        if not any(first <= start and end <= last and last - first > end - start for first, last, _ in found)
    )


def _shown(place: _Place, wanted: frozenset[str]) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "title": place.title,
        "operation": place.operation,
        "aspect": place.aspect,
        "topic": place.topic,
        "citations": citations_json(place.citations),
        "snippet": snippet(place.text, wanted),
    }


class _Key:
    """A rule base on a day, which is the same as long as its version and the documents are."""

    def __init__(self, rules: RuleBase, on: date) -> None:
        self.rules, self.on = rules, on
        self._key = (rules.version, on, id(rule_sources(rules)))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._key == other._key


@lru_cache(maxsize=2)
def _index(key: _Key) -> _Index:
    places = list(_places(key.rules, key.on))
    titles = [frozenset(index_terms(f"{place.title} {place.names}")) for place in places]
    texts = [frozenset(index_terms(place.text)) for place in places]
    counts = Counter(word for title, text in zip(titles, texts, strict=True) for word in title | text)
    return _Index(places, titles, texts, {word: math.log(1 + len(places) / n) for word, n in counts.items()})


def _places(rules: RuleBase, on: date) -> Iterator[_Place]:
    for operation in rules.operations.values():
        names = " ".join(operation.aliases)
        about = "、".join((operation.official_name, *operation.aliases))
        yield _Place("operation", operation.name, about, (operation.citation,), operation.id, names=names)
        for aspect in RULE_ASPECTS if operation.answered else ():
            answer = answer_operation(rules, operation.id, aspect, None, "staff", on)
            title = aspect_label(operation.name, aspect)
            asked = f"{names} {rules.wording.aspects[aspect]}"
            yield _Place("aspect", title, _said(answer), answer.citations, operation.id, aspect, names=asked)
    for topic in rules.topics.values():
        answer = answer_topic(rules, topic.id, "staff", on)
        names = " ".join(topic.aliases)
        yield _Place("topic", topic.name, _said(answer), answer.citations, topic=topic.id, names=names)
    sources = rule_sources(rules)
    for document in rules.documents.by_title.values():
        for section in document.sections.values():
            cited = Citation(document.title, section.id)
            text = (sources.passages.get(cited, "") if sources else "") or section.begins or ""
            yield _Place("section", str(cited), text, (cited,))


def _said(answer: Answer) -> str:
    return "\n".join(part.text for part in answer.parts)
