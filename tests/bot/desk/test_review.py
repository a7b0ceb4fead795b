"""What went badly comes to review: the right questions, grouped alike, labelled, exported as candidates."""

import json
from datetime import timedelta

import pytest

from bot.desk.groups import groups
from tests.bot.desk.conftest import Staff
from tests.bot.desk.entries import NOW, Story, fill


@pytest.fixture
def made(staff: Staff) -> dict[str, int]:
    """One question of each kind, by a name."""
    at = NOW - timedelta(days=1)
    with staff.engine.begin() as connection:
        story = Story(connection)

        def ask(text: str, *answer: object, place: str | None = None, **more: object) -> tuple[int, int | None]:
            return story.exchange(place or story.conversation(at), at, text, *answer, **more)  # type: ignore[arg-type]

        ids = {
            "weather": ask("明天下雨吗", "out_of_scope", confidence=0.9)[0],
            "other": ask("宽带几天装好", "other_service", confidence=0.9)[0],
            "unclear": ask("那个怎么弄", "clarify", confidence=0.2)[0],
            "unsure": ask("补卡在哪", "answer", "replace_sim", "channels", confidence=0.6)[0],
            "sure": ask("销户要带什么", "answer", "cancel_service", "documents", confidence=0.95)[0],
        }
        place = story.conversation(at)
        ids["cleared_up"] = ask("这个怎么办", "clarify", place=place, confidence=0.2)[0]
        ask("销户怎么办", "answer", "cancel_service", place=place, confidence=0.9)
        asked, answered = ask("销户收费吗", "answer", "cancel_service", "fee", confidence=0.9)
        story.judge(answered, at, "down", "wrong")
        ids["disliked"] = asked
        old = NOW - timedelta(days=91)
        ids["old"] = story.exchange(story.conversation(old), old, "很久以前", "out_of_scope")[0]
        story.close()
    return ids


async def listed(staff: Staff, kind: str, labelled: str = "no") -> set[int]:
    shown = await staff.get(f"review?kind={kind}&labelled={labelled}")
    return {one["entry"] for group in shown["groups"] for one in group["entries"]}


async def test_each_kind_lists_its_own_questions(staff: Staff, made: dict[str, int]) -> None:
    assert await listed(staff, "unanswered") == {made["weather"], made["other"], made["unclear"]}
    assert await listed(staff, "unsure") == {made["unsure"]}
    assert await listed(staff, "disliked") == {made["disliked"]}
    (group,) = (await staff.get("review?kind=disliked"))["groups"]
    (one,) = group["entries"]
    assert one["text"] == "销户收费吗"
    assert one["answer"]
    assert one["feedback"] == {"score": "down", "reason": "wrong", "comment": None}
    assert (one["operation"], one["aspect"], one["label"]) == ("cancel_service", "fee", None)


async def test_a_labelled_question_leaves_the_list_and_comes_out_as_a_candidate(
    staff: Staff, made: dict[str, int]
) -> None:
    label = {"use": "training", "decision": "answer", "operation": "cancel_service", "aspect": "fee",
             "note": "客户 18600010102 说的"}  # fmt: skip
    stored = await staff.put(f"review/{made['unclear']}", label, "rule_owner")
    assert stored["reviewed_by"] == "王芳"
    assert stored["note"] == "客户 186****0102 说的"
    await staff.put(f"review/{made['unclear']}", {**label, "use": "test"}, "rule_owner")
    await staff.put(f"review/{made['weather']}", {"use": "ignored"})
    assert await listed(staff, "unanswered") == {made["other"]}
    assert await listed(staff, "unanswered", "yes") == {made["unclear"], made["weather"]}
    assert len(await listed(staff, "unanswered", "all")) == 3
    assert await staff.get("review/export?use=training", "rule_owner") == b""
    lines = (await staff.get("review/export?use=test", "rule_owner")).decode().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"candidate": True, "rewrite": "请用自己的话改写后再加入", "text": "那个怎么弄", "decision": "answer",
         "operation": "cancel_service", "aspect": "fee", "topic": None, "note": "客户 186****0102 说的"}
    ]  # fmt: skip


async def test_a_group_is_labelled_at_once_or_not_at_all(staff: Staff, made: dict[str, int]) -> None:
    label = {"use": "test", "decision": "out_of_scope"}
    both = [made["weather"], made["other"]]
    gone = await staff.call("PUT", "review", "rule_owner", json={"entries": [*both, 999_999], **label})
    assert gone.status == 404
    assert await listed(staff, "unanswered", "yes") == set()
    stored = await staff.put("review", {"entries": both, **label}, "rule_owner")
    assert [one["entry"] for one in stored["labels"]] == both
    assert await listed(staff, "unanswered", "yes") == set(both)
    for wrong in ([], "x", [1] * 2001, [True], [-1], ["1"], None):
        await staff.put("review", {"entries": wrong, **label}, status=400)
    await staff.put("review", {"entries": both, **label}, "clerk", status=403)


async def test_the_same_words_with_the_same_label_are_one_candidate(staff: Staff) -> None:
    with staff.engine.begin() as connection:
        story = Story(connection)
        asked = [story.exchange(story.conversation(NOW), NOW, "那个怎么弄", "clarify")[0] for _ in range(3)]
    await staff.put("review", {"entries": asked, "use": "test", "decision": "clarify"})
    assert len((await staff.get("review/export?use=test")).decode().splitlines()) == 1


async def test_a_question_comes_with_what_was_said_before_it(staff: Staff, made: dict[str, int]) -> None:
    with staff.engine.begin() as connection:
        story = Story(connection)
        story.conversations = 100
        place = story.conversation(NOW - timedelta(days=2))
        story.exchange(place, NOW, "我想补卡", "answer", "replace_sim", confidence=0.9)
        after, _ = story.exchange(place, NOW, "要本人去吗", "clarify", confidence=0.3)
    shown = await staff.get("review?kind=unanswered")
    before = {one["entry"]: one["before"] for group in shown["groups"] for one in group["entries"]}
    assert before[after] == "我想补卡"
    assert before[made["weather"]] is None


async def test_only_questions_can_be_labelled(staff: Staff, made: dict[str, int]) -> None:
    await staff.put(f"review/{made['sure'] + 1}", {"use": "ignored"}, status=404)


async def test_alike_questions_stand_together_the_most_frequent_first(staff: Staff) -> None:
    fill(staff.engine)
    shown = await staff.get("review?kind=unanswered")
    assert shown == await staff.get("review?kind=unanswered")
    assert shown["total"] == len(shown["groups"]) == 3
    assert sum(group["count"] for group in shown["groups"]) == shown["questions"]
    assert [group["count"] for group in shown["groups"]] == sorted((g["count"] for g in shown["groups"]), reverse=True)
    assert {group["title"] for group in shown["groups"]} <= {
        "明天天气怎么样",
        "明天的天气怎么样啊",
        "宽带装机要几天",
        "那个怎么弄",
    }
    assert max(len(group["entries"]) for group in shown["groups"]) == 50
    assert all(len(set(group["ids"])) == group["count"] for group in shown["groups"])


def test_the_most_central_question_names_its_group() -> None:
    questions = ["补卡要多少钱", "补卡要多少钱啊", "请问补卡要多少钱", "天气", "补卡要多少钱"]
    first, second = groups(questions)
    assert questions[first[0]] == "补卡要多少钱"
    assert sorted(first) == [0, 1, 2, 4]
    assert second == [3]


def test_odd_questions_do_not_stop_the_grouping() -> None:
    assert groups([]) == []
    assert sorted(place for group in groups(["？", "…", "a", "😀", ""]) for place in group) == [0, 1, 2, 3, 4]
