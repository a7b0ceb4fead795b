"""The outbox: everything that is to be said is sent, once, in order, whatever happens to the gateway."""

import asyncio
import random

import pytest

from bot.messaging.outbox import Hold, Later, Refused, Unconfirmed
from tests.bot.messaging.parts import ANNA, BERT, Desk, Sent


def texts(desk, account=ANNA):
    return [text for who, text in desk.sent.texts if who == account]


def deferred(desk, key, answer, account=ANNA):
    """A message whose answer came too late for the reply to its delivery."""
    taken, _ = desk.writes(account, key)
    desk.store.settle(taken, None)
    desk.answers(taken, answer)
    return taken


async def test_an_answer_that_was_too_late_is_sent_once(desk):
    deferred(desk, "1", "一|二")
    await desk.send_all()
    await desk.send_all()
    assert texts(desk) == ["一", "二"]


async def test_what_was_given_in_the_reply_is_not_sent_again_but_the_rest_of_it_is(desk):
    taken, _ = desk.writes(ANNA, "1")
    desk.answers(taken, "一|二|三")
    desk.store.settle(taken, "一", 2048)
    await desk.send_all()
    assert texts(desk) == []
    desk.now += 1
    await desk.send_all()
    assert texts(desk) == ["二", "三"]


async def test_a_delivery_whose_gateway_ended_before_deciding_is_answered_by_the_outbox(desk):
    taken, _ = desk.writes(ANNA, "1")
    desk.answers(taken, "一")
    await desk.send_all()
    assert texts(desk) == []
    desk.now += 7
    await desk.send_all()
    assert texts(desk) == ["一"]
    # The platform comes once more, too late: there is nothing to give any more.
    assert desk.store.settle(taken, "一", 2048).state == "deferred"


async def test_several_gateways_send_each_text_once_and_each_persons_in_order(desk, database_url):
    for number in range(12):
        deferred(desk, f"a{number}", f"甲{number}|乙{number}")
        deferred(desk, f"b{number}", f"甲{number}|乙{number}", BERT)
    with desk.rooms.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE messaging_person SET quota = 1000")
    others = [Desk(database_url) for _ in range(3)]
    for other in others:
        other.sent = desk.sent
        other.outbox = other.another_outbox(desk.sent)

    async def gateway(one):
        for _ in range(60):
            await asyncio.to_thread(one.outbox.collect)
            for letter in await asyncio.to_thread(one.outbox._claim, 3):
                await asyncio.sleep(random.random() / 200)
                await one.outbox._deliver(letter)

    await asyncio.gather(*(gateway(one) for one in (desk, *others)))
    expected = [f"{sign}{number}" for number in range(12) for sign in "甲乙"]
    assert texts(desk) == expected
    assert texts(desk, BERT) == expected
    for other in others:
        other.dispose()


async def test_what_could_not_be_sent_now_is_tried_again_with_growing_pauses_and_given_up_with_its_reason(desk):
    deferred(desk, "1", "一")
    desk.sent.fails = [Later("no answer") for _ in range(10)]
    desk.outbox.collect()
    pauses = []
    for _ in range(10):
        before = desk.now
        while not (letters := desk.outbox._claim(16)):
            desk.now += 0.5
        pauses.append(desk.now - before)
        await desk.outbox._deliver(letters[0])
    assert pauses == sorted(pauses)
    assert pauses[-1] > 100
    assert desk.deliveries() == [("一", "failed", "no answer")]
    assert texts(desk) == []


async def test_a_try_that_did_not_reach_the_platform_costs_no_quota(desk):
    deferred(desk, "1", "一")
    desk.sent.fails = [Later("busy")]
    await desk.send_all()
    assert desk.quota() == 5
    desk.now += 10
    await desk.send_all()
    assert (desk.quota(), texts(desk)) == (4, ["一"])


@pytest.mark.parametrize(("error", "state"), [(Refused("45002"), "failed"), (Unconfirmed("no answer"), "unconfirmed")])
async def test_what_the_platform_refuses_or_may_have_is_not_sent_again_and_the_next_one_is(desk, error, state):
    deferred(desk, "1", "一|二")
    desk.sent.fails = [error]
    await desk.send_all()
    desk.now += 3600
    await desk.send_all()
    assert texts(desk) == ["二"]
    assert desk.deliveries()[0] == ("一", state, str(error))


async def test_beyond_the_quota_nothing_is_even_tried_until_the_person_writes_again(desk):
    deferred(desk, "1", "|".join("一二三四五六七"))
    await desk.send_all()
    assert "".join(texts(desk)) == "一二三四五"
    assert desk.deliveries()[5] == ("六", "held", "quota")
    deferred(desk, "2", "八")
    desk.now += 7
    await desk.send_all()
    assert "".join(texts(desk)) == "一二三四五六七八"


@pytest.mark.parametrize("code", ["45015", "45047"])
async def test_what_the_platform_holds_back_goes_out_in_order_when_the_person_writes(desk, code):
    deferred(desk, "1", "一|二")
    desk.sent.fails = [Hold(code)]
    await desk.send_all()
    assert texts(desk) == []
    assert desk.deliveries()[0] == ("一", "held", code)
    deferred(desk, "2", "三")
    desk.now += 7
    await desk.send_all()
    assert texts(desk) == ["一", "二", "三"]


async def test_what_is_held_is_given_with_the_next_reply_as_far_as_it_holds(desk):
    deferred(desk, "1", f"一|{'二' * 500}|{'三' * 500}")
    desk.sent.fails = [Hold("48001")]
    await desk.send_all()
    taken, _ = desk.writes(ANNA, "2")
    desk.answers(taken, "四")
    given = desk.store.settle(taken, "四", 2048).text
    assert given is not None
    assert given.startswith("一\n\n")
    assert given.endswith("\n\n四")
    assert len(given.encode()) <= 2048
    assert [state for _, state, _ in desk.deliveries()] == ["sent", "sent", "waiting"]


async def test_what_a_killed_gateway_was_sending_is_sent_by_the_next_one(desk):
    deferred(desk, "1", "一|二")
    desk.outbox.collect()
    assert [letter.text for letter in desk.outbox._claim(16)] == ["一"]
    await desk.send_all()
    assert texts(desk) == []
    desk.now += 41
    await desk.send_all()
    assert texts(desk) == ["一", "二"]


async def test_a_gateway_that_stood_still_does_not_send_what_another_one_has_sent_since(desk):
    deferred(desk, "1", "一")
    desk.outbox.collect()
    [letter] = desk.outbox._claim(16)
    desk.now += 41
    await desk.send_all()
    await desk.outbox._deliver(letter)
    assert texts(desk) == ["一"]
    assert desk.deliveries() == [("一", "sent", None)]


async def test_what_became_of_a_text_is_not_noted_over_what_another_gateway_has_begun(desk):
    deferred(desk, "1", "一")
    desk.outbox.collect()
    [letter] = desk.outbox._claim(16)
    desk.now += 41
    [again] = desk.outbox._claim(16)
    desk.outbox._note(letter, "waiting", "no answer", 0.0)
    assert desk.deliveries() == [("一", "sending", None)]
    await desk.outbox._deliver(again)
    assert texts(desk) == ["一"]


async def test_random_ends_of_gateways_lose_nothing_double_nothing_and_keep_the_order(desk):
    chance = random.Random(5)
    expected = []
    for number in range(40):
        taken, _ = desk.writes(ANNA, str(number))
        expected += [f"{number}a", f"{number}b"]
        passive = chance.random() < 0.4
        if chance.random() < 0.3:
            desk.outbox.collect()
        desk.answers(taken, f"{number}a|{number}b")
        if chance.random() < 0.3:
            desk.outbox.collect()
        given = desk.store.settle(taken, f"{number}a", 20) if passive else desk.store.settle(taken, None)
        if given.text:
            desk.sent.texts.append((ANNA, given.text))
        # A gateway ends with what it had claimed and not sent; another one comes.
        if chance.random() < 0.3:
            desk.outbox.collect()
            desk.outbox._claim(3)
        desk.outbox = desk.another_outbox(desk.sent)
        desk.now += 60
        await desk.send_all()
        desk.now += 1
        await desk.send_all()
    assert "\n\n".join(texts(desk)).split("\n\n") == expected


async def test_an_outbox_that_runs_sends_by_itself_and_ends_after_what_it_is_sending(desk):
    class Slow(Sent):
        async def __call__(self, account: str, text: str) -> None:
            await asyncio.sleep(0.3)
            await super().__call__(account, text)

    slow = Slow()
    outbox = desk.another_outbox(slow)
    await outbox.start()
    deferred(desk, "1", "一")
    outbox.wake()
    await asyncio.sleep(0.15)
    await outbox.stop()
    assert slow.texts == [(ANNA, "一")]
    assert desk.deliveries() == [("一", "sent", None)]
