"""A follower is handed over to a person, and back, without leaving WeChat."""

import asyncio

from sqlalchemy import text

from tests.bot.wechat.account import World, world

ANNA, WHO = "o-anna", "小王"


async def until_held(place: World) -> None:
    """Waits until the platform has refused to take a text."""
    held = text("SELECT count(*) FROM messaging_delivery WHERE state = 'held'")
    async with asyncio.timeout(20):
        while True:
            with place.room.store.engine.connect() as connection:
                if connection.execute(held).scalar():
                    return
            await asyncio.sleep(0.05)


async def test_what_a_person_says_reaches_the_follower_who_asked_for_one(database_url, sessions):
    async with world(database_url, sessions) as place:
        room = place.room
        await room.clerk_is_there(WHO)
        await place.says(ANNA, "转人工")
        assert "第 1 位" in (await place.until_shown(ANNA, 1))[0]
        [asked] = await room.queue()
        assert await room.claim(asked.id, WHO)
        await place.until_shown(ANNA, 2)
        # Now the assistant is silent, and the person reads and answers.
        await place.says(ANNA, "补卡要带什么")
        assert await room.add_staff_entry(asked.conversation, WHO, "您好，请带身份证。")
        assert (await place.until_shown(ANNA, 3))[2] == "人工客服：您好，请带身份证。"
        assert await room.return_(asked.id, WHO)
        assert len(await place.until_shown(ANNA, 4)) == 4
        await place.says(ANNA, "还有呢")
        assert place.shown(ANNA)[4] == "回答：还有呢"
        assert [one.text for one in place.assistant.asked] == ["还有呢"]
        assert place.platform.faults == []


async def test_where_nobody_is_there_the_follower_is_told_so(database_url, sessions):
    async with world(database_url, sessions) as place:
        await place.says(ANNA, "人工")
        told = await place.until_shown(ANNA, 1)
        assert len(told) == 1
        assert "人工" in told[0]
        assert await place.room.queue() == []
        assert place.assistant.asked == []


async def test_what_a_person_says_while_nothing_may_be_sent_comes_with_the_next_answer(database_url, sessions):
    async with world(database_url, sessions) as place:
        room = place.room
        await room.clerk_is_there(WHO)
        await place.says(ANNA, "转人工")
        await place.until_shown(ANNA, 1)
        [asked] = await room.queue()
        await room.claim(asked.id, WHO)
        await place.until_shown(ANNA, 2)
        place.platform.user(ANNA).until = 0.0
        await room.add_staff_entry(asked.conversation, WHO, "请带身份证。")
        await until_held(place)
        assert len(place.shown(ANNA)) == 2
        await room.return_(asked.id, WHO)
        await place.says(ANNA, "还有呢")
        assert (await place.until_shown(ANNA, 3))[2].startswith("人工客服：请带身份证。\n\n")
        await asyncio.sleep(1.5)
        assert "".join(place.shown(ANNA)).count("请带身份证。") == 1
