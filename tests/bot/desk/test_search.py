"""Search over conversations and rules in Chinese: the same on both databases, marks as data, signs without meaning."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select

from actions.rule_base import rules
from bot.conversations.models import conversation, entry
from bot.conversations.search import index_entry, matching, rebuild
from bot.desk.rule_search import _named, search
from bot.desk.snippets import snippet, wanted_words
from tests.bot.desk.conftest import Staff
from tests.bot.desk.entries import NOW, Story, fill

TEXTS = [
    "国际漫游怎么开通",
    "國際漫遊要收費嗎",
    "单位的号要销户带什么材料",
    "号码186****0102停机保号以后能恢复吗",
    "ＡＢＣ套餐 100 元",
    "😀😀补卡去哪儿",
]


@pytest.fixture
def engine(staff: Staff) -> Engine:
    with staff.engine.begin() as connection:
        story = Story(connection)
        place = story.conversation(NOW)
        for text in TEXTS:
            story.entry(place, NOW - timedelta(minutes=1), "user", text)
        story.close()
    return staff.engine


def found(engine: Engine, query: str) -> list[int]:
    with engine.connect() as connection:
        condition = matching(connection, query)
        if condition is None:
            return []
        texts = connection.scalars(select(entry.c.text).where(condition).order_by(entry.c.id))
        return [TEXTS.index(text) for text in texts]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("漫游", [0, 1]), ("国际漫游", [0, 1]), ("國際漫遊", [0, 1]), ("漫游 收费", [1]), ("销户", [2]), ("停机", [3]),
        ("停机保号", [3]), ("0102", [3]), ("销", [2]), ("abc", [4]), ("ａｂｃ", [4]), ("补卡", [5]), ("漫游 销户", []),
    ],
)  # fmt: skip
def test_words_find_what_has_them_all(engine: Engine, query: str, places: list[int]) -> None:
    assert found(engine, query) == places


@pytest.mark.parametrize(
    "query",
    ['"', "'", "*", "销户*", '销户"', "销户'", "-销户", "(销户", "销户)", "销户:材料", "销户 & 材料", "销户 | 材料", "!销户",
     "^销户", "{销户}", "销户\\", "销户;--", "%", "_", "销户 <-> 材料", "销户:*", "😀", "\u0000销户"],
)  # fmt: skip
def test_signs_of_a_query_mean_nothing(engine: Engine, query: str) -> None:
    assert found(engine, query) in ([], [2])
    assert ("销户" in query) == (found(engine, query) == [2])


@pytest.mark.parametrize("query", ["tokens:销户", "销户 OR 漫游", "销户 NOT 材料", "NEAR(销户 材料)", "销户 AND 材料"])
def test_words_of_a_query_language_are_words(engine: Engine, query: str) -> None:
    assert found(engine, query) == []


def test_what_is_stored_is_found_and_what_is_removed_is_not(engine: Engine) -> None:
    with engine.begin() as connection:
        story = Story(connection, conversations=7)
        place = story.conversation(NOW)
        made = story.entry(place, NOW, "user", "挂失")
        index_entry(connection, made, "挂失")
        assert connection.scalars(select(entry.c.id).where(matching(connection, "挂失"))).all() == [made]
        connection.execute(delete(conversation).where(conversation.c.id == place))
    with engine.begin() as connection:
        condition = matching(connection, "挂失")
        assert connection.scalars(select(entry.c.id).where(condition)).all() == []
        assert rebuild(connection) == len(TEXTS)
    assert found(engine, "漫游") == [0, 1]


async def test_entries_that_the_service_stores_are_found_at_once(staff: Staff) -> None:
    answer = await staff.post("ask", {"text": "补卡要带什么"})
    results = (await staff.get("search/conversations?q=补卡"))["results"]
    assert {one["from"] for one in results} == {"user", "assistant"}
    assert {one["conversation"] for one in results} == {answer["conversation"]}


async def test_filters_and_pages_are_those_of_what_was_written(staff: Staff) -> None:
    rows = fill(staff.engine).rows
    assert len(rows) > 1500

    async def total(query: str) -> int:
        return (await staff.get(f"search/conversations?{query}"))["total"]

    def count(**values: object) -> int:
        return sum(all(row[key] == value for key, value in values.items()) for row in rows)

    # A question and its answer both count.
    assert await total("decision=out_of_scope") == 2 * count(decision="out_of_scope")
    assert await total("operation=replace_sim") == 2 * count(operation="replace_sim")
    assert await total("channel=wechat") == 2 * count(channel="wechat")
    assert await total("feedback=down") == 2 * count(score="down")
    assert await total("q=天气&feedback=down") == 2 * count(score="down", decision="out_of_scope")
    first = await staff.get("search/conversations?q=漫游&channel=web")
    assert first["total"] == 2 * count(operation="international_roaming", channel="web")
    assert first["pages"] == -(-first["total"] // 20)
    last = await staff.get(f"search/conversations?q=漫游&channel=web&page={first['pages']}")
    seen = [one["entry"] for one in (*first["results"], *last["results"])]
    assert len(set(seen)) == len(seen)
    assert [one["entry"] for one in first["results"]] == sorted((o["entry"] for o in first["results"]), reverse=True)
    assert (await staff.get("search/conversations?q=漫游&page=1000"))["results"] == []


async def test_days_are_those_of_shanghai(staff: Staff) -> None:
    with staff.engine.begin() as connection:
        story = Story(connection)
        # 23:59 on the 20th and 00:00 on the 21st in Shanghai.
        for text, at in (("昨天", NOW.replace(day=20, hour=15, minute=59)), ("今天", NOW.replace(day=20, hour=16))):
            story.entry(story.conversation(at), at, "user", text)
        story.close()

    async def texts(query: str) -> list[str]:
        return [one["snippet"]["text"] for one in (await staff.get(f"search/conversations?{query}"))["results"]]

    assert await texts("from=2026-11-21&to=2026-11-21") == ["今天"]
    assert await texts("to=2026-11-20") == ["昨天"]
    assert await texts("from=2026-11-20") == ["今天", "昨天"]


def test_marks_count_as_the_browser_counts() -> None:
    shown = snippet("😀😀我要銷戶，銷戶！", wanted_words("销户"))
    assert shown == {"text": "😀😀我要銷戶，銷戶！", "marks": [[6, 8], [9, 11]]}


def test_a_long_text_is_cut_around_what_was_found() -> None:
    shown = snippet("前" * 500 + "销户" + "后" * 500, wanted_words("销户"))
    ((start, stop),) = shown["marks"]
    assert shown["text"][start:stop] == "销户"
    assert shown["text"].startswith("…")
    assert shown["text"].endswith("…")
    assert len(shown["text"]) < 130


def test_markup_in_a_text_stays_text() -> None:
    assert snippet("<b>销户</b>", wanted_words("销户"))["text"] == "<b>销户</b>"


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("销户材料", "aspect", "销户要带什么"),
        ("国际漫游", "operation", "国际"),
        ("保密", "topic", "保密"),
        ("拆机", "operation", "销户"),
    ],
)
def test_rules_are_found_by_titles_aliases_and_answers(
    environment: pytest.MonkeyPatch, query: str, kind: str, name: str
) -> None:
    from actions.settings import today

    results = search(rules(), query, today())
    assert results
    assert any(one["kind"] == kind and name in one["title"] for one in results[:8]), [o["title"] for o in results[:8]]
    assert all(one["citations"] for one in results)


def test_an_operation_named_in_the_query_comes_first(environment: pytest.MonkeyPatch) -> None:
    from actions.settings import today

    operation = next(one.id for one in rules().operations.values() if "补卡" in (one.name, *one.aliases))
    first = search(rules(), "补卡多少钱", today())[0]
    assert first["operation"] == operation, first["title"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("解除挂失要带什么", {"cancel_loss"}),
        ("解除掛失要帶什麼", {"cancel_loss"}),
        ("挂失和解除挂失", {"report_loss", "cancel_loss"}),
        ("取消停机保号", {"resume_service"}),
        ("补办手机卡多少钱", {"replace_sim"}),
        ("打印通话详单", {"print_call_records"}),
        ("怎么加入网络", set()),
    ],
)
def test_a_part_of_another_name_names_nothing(environment: pytest.MonkeyPatch, query: str, named: set[str]) -> None:
    from actions.settings import today

    assert _named(rules(), query) == named
    first = search(rules(), query, today())[0]
    assert not named or first["operation"] in named, first["title"]


def test_sections_are_found_by_their_number(environment: pytest.MonkeyPatch) -> None:
    from actions.settings import today

    titles = [one["title"] for one in search(rules(), "集团客户标准服务内容 五", today()) if one["kind"] == "section"]
    assert any("五" in title for title in titles)
    assert search(rules(), "🙂 ？", today()) == []
