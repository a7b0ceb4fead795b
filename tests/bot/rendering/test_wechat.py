"""Answers as WeChat messages: nothing is lost, no message is too long, no citation is cut."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.conversation.compose import answer_blocks, unique_citations
from bot.rendering.wechat import LIMIT, wechat_texts
from knowledge.answers import answer_operation, answer_topic
from knowledge.identifiers import ASPECTS, OWNERSHIPS, ROLES
from tests.knowledge.test_answers import DAY


def repeated(text, times):
    """Texts about as long as a message, and much longer ones, without a long search for them."""
    return st.tuples(text, times).map(lambda drawn: drawn[0] * drawn[1])


SOME_TEXT = st.text(st.sampled_from("规则单位，。；：、《》（）(二) 1aé😀\n　"), min_size=1, max_size=40)
TEXT = repeated(SOME_TEXT, st.sampled_from([1, 1, 1, 20, 50, 400]))
PLACE = st.fixed_dictionaries(
    {
        "document": repeated(st.text("集团客户协议", min_size=1, max_size=9), st.sampled_from([1, 1, 12])),
        "section": st.text("一二(三)", min_size=1, max_size=60),
    }
)
BLOCK = st.one_of(
    st.fixed_dictionaries({"type": st.just("text"), "text": TEXT}),
    st.fixed_dictionaries(
        {
            "type": st.just("checklist"),
            "title": TEXT,
            "items": st.lists(TEXT, max_size=8),
            "print": st.just("/checklists/x"),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("verdict"),
            "status": st.just("blocked"),
            "title": TEXT,
            "number": st.just("186****0101"),
            "reasons": st.lists(TEXT, max_size=3),
            "unknowns": st.lists(TEXT, max_size=3),
            "steps": st.lists(TEXT, max_size=3),
            "notices": st.lists(TEXT, max_size=3),
            "earliest": st.none(),
            "earliest_certain": st.just(True),
        }
    ),
)
CITATIONS = st.lists(PLACE, min_size=1, max_size=60).map(lambda items: {"type": "citations", "items": items})
CHOICES = st.lists(TEXT, max_size=6)


def bare(text):
    return re.sub(r"\s", "", text)


def words(block):
    """Every text of a block, in reading order."""
    if block["type"] == "text":
        return [block["text"]]
    if block["type"] == "checklist":
        return [block["title"], *block["items"]]
    return [block["title"], *block["reasons"], *block["unknowns"], *block["steps"], *block["notices"]]


@settings(deadline=None)
@given(st.lists(BLOCK, max_size=12), CHOICES)
def test_no_message_is_over_the_limit_and_none_is_empty(blocks, choices):
    for text in wechat_texts(blocks, choices):
        assert 0 < len(text.encode()) <= LIMIT


@settings(deadline=None)
@given(st.lists(BLOCK, max_size=12), CHOICES)
def test_nothing_is_lost_and_the_order_is_kept(blocks, choices):
    sent = bare("".join(wechat_texts(blocks, choices)))
    position = 0
    for expected in [*(text for block in blocks for text in words(block)), *choices]:
        found = sent.find(bare(expected), position)
        assert found >= 0, expected
        position = found + len(bare(expected))


@settings(deadline=None)
@given(st.lists(BLOCK, max_size=6), CITATIONS, CHOICES)
def test_no_citation_is_cut_and_the_citations_come_last(blocks, citations, choices):
    texts = wechat_texts([*blocks, citations], choices)
    assert all(len(text.encode()) <= LIMIT for text in texts)
    everything = "\n".join(texts)
    behind = everything[everything.rindex("依据：") :]
    for place in citations["items"]:
        assert any(place["document"] in text and place["section"] in text for text in texts)
        assert place["document"] in behind
        assert place["section"] in behind


@pytest.mark.parametrize("size", range(LIMIT - 2, LIMIT + 3))
@pytest.mark.parametrize("first", [0, 1, 600])
def test_a_text_of_just_the_size_of_a_message_is_whole(size, first):
    texts = ["一" * first, "a" * (size - len(("一" * first).encode()) - bool(first))]
    sent = wechat_texts([{"type": "text", "text": text} for text in texts], [])
    assert all(len(text.encode()) <= LIMIT for text in sent)
    assert bare("".join(sent)) == "".join(texts)


def test_a_title_that_no_message_can_hold_is_sent_in_pieces():
    title = "《" + "名" * 3000 + "》"
    assert "".join(wechat_texts([{"type": "text", "text": title}], [])) == title


def test_a_short_answer_is_one_message():
    blocks = [
        {"type": "text", "text": "单位名称开户：要带介绍信。", "heading": "单位名称开户"},
        {"type": "checklist", "title": "请准备：", "items": ["介绍信", "身份证件"], "print": "/checklists/x"},
        {"type": "citations", "items": [{"document": "规则", "section": "五(二)", "passage": "内部原文"}]},
    ]
    assert wechat_texts(blocks, ["销户收费吗", "销户在哪儿办"]) == [
        "单位名称开户：要带介绍信。\n请准备：\n□ 介绍信\n□ 身份证件\n"
        "回复数字，可以接着问：\n1. 销户收费吗\n2. 销户在哪儿办\n依据：《规则》五(二)"
    ]


def test_a_long_paragraph_is_cut_behind_a_clause():
    clause = "这一句有十个字左右，"
    texts = wechat_texts([{"type": "text", "text": clause * 120}], [])
    assert len(texts) == 2
    assert all(text.endswith("，") for text in texts)


def test_a_title_in_a_long_paragraph_is_not_cut():
    title = "《" + "名" * 200 + "》"
    texts = wechat_texts([{"type": "text", "text": f"见{title}和{title}和{title}和{title}。"}], [])
    assert sum(text.count(title) for text in texts) == 4


def test_every_answer_of_the_real_rule_base_fits_and_is_whole(rules):
    answers = [
        answer_operation(rules, operation, aspect, ownership, role, DAY)
        for operation, aspect, ownership, role in product(rules.operations, ASPECTS, (None, *OWNERSHIPS), ROLES)
    ]
    answers += [answer_topic(rules, topic, role, DAY) for topic, role in product(rules.topics, ROLES)]
    for answer in answers:
        cited = {"type": "citations", "items": unique_citations([answer])}
        texts = wechat_texts([*answer_blocks(answer), cited], [])
        assert all(len(text.encode()) <= LIMIT for text in texts)
        assert bare("".join(texts)).replace("□", "·") == bare(answer.text)
        assert not re.search(r"\*\*|`|^#|\]\(", "\n".join(texts))
