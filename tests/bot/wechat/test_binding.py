"""Followers bind numbers through the verification page: the journey, everybody it must not serve, and its end."""

import asyncio
import re
from dataclasses import replace

import aiohttp
import pytest
from sqlalchemy import text

from actions.identity import Identity
from bot.identity.demo import service_password
from tests.bot.gateway.conftest import Clock
from tests.bot.gateway.fakes import ALLOWED, ARREARS, FakeAssistant
from tests.bot.identity_parts import HOLDERS
from tests.bot.wechat.account import World, world

ANNA, BERT = "o-anna-secret", "o-bert-secret"
MASKED, MASKED_ARREARS = "186****0101", "186****0102"


async def told(place: World, openid: str, said: str) -> str:
    """What a follower is told on a message, in the reply to it or, on a busy machine, a little later."""
    before = len(place.shown(openid))
    await place.says(openid, said)
    return (await place.until_shown(openid, before + 1))[-1]


async def linked(place: World, openid: str) -> str:
    """The path of a link that a follower asks for."""
    answer = await told(place, openid, "绑定")
    found = re.search(r"https://bot\.example(/verify/\S+)", answer)
    assert found, answer
    return found[1]


async def proved(place: World, path: str, number: str = ALLOWED) -> str:
    """The code that the page shows to whoever proves a number on it."""
    headers = {"Origin": place.gateway, "Sec-Fetch-Site": "same-origin"}
    body = {"number": number, "password": service_password(number)}
    async with aiohttp.ClientSession() as http:
        async with http.get(place.gateway + path) as page:
            assert "只对要来这个链接的那个聊天" in await page.text()
        async with http.post(place.gateway + path, json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            return str((await response.json())["code"])


async def bound(place: World, openid: str, number: str = ALLOWED) -> str:
    return await told(place, openid, await proved(place, await linked(place, openid), number))


@pytest.fixture
def holders() -> dict[str, str]:
    return dict(HOLDERS)


@pytest.fixture
def held(holders):
    return lambda number, customer: holders.get(number) == customer


async def test_a_number_is_bound_by_the_code_of_the_page_and_the_follower_is_known_from_then_on(database_url, sessions):
    async with world(database_url, sessions) as place:
        await told(place, ANNA, "能换号吗")
        assert MASKED in await bound(place, ANNA)
        await told(place, ANNA, "能换号吗")
        before, after = place.assistant.asked
        assert (before.identity, after.identity) == (None, Identity("customer", (ALLOWED,), "G1001"))
        assert before.conversation != after.conversation
        assert "1. " + MASKED in await told(place, ANNA, "我的号码")
        assert place.platform.faults == []


async def test_nothing_of_it_reaches_the_assistant_and_other_words_do(database_url, sessions):
    async with world(database_url, sessions) as place:
        await bound(place, ANNA)
        for said in ("我的号码。", "解绑 5", "绑 定", "解绑全部"):
            await told(place, ANNA, said)
        assert place.assistant.asked == []
        for said in ("绑定要收费吗", "82345678", "解绑要带什么材料"):
            await told(place, BERT, said)
        assert [one.text for one in place.assistant.asked] == ["绑定要收费吗", "82345678", "解绑要带什么材料"]


async def test_the_code_may_be_typed_as_people_type(database_url, sessions):
    async with world(database_url, sessions) as place:
        code = await proved(place, await linked(place, ANNA))
        typed = f"{code[:4]} {code[4:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        assert MASKED in await told(place, ANNA, typed)


async def test_a_wrong_code_binds_nothing_and_too_many_end_it(database_url, sessions):
    async with world(database_url, sessions) as place:
        code = await proved(place, await linked(place, ANNA))
        wrong = f"{(int(code) + 1) % 100_000_000:08d}"
        for _ in range(5):
            assert "确认码不对" in await told(place, ANNA, wrong)
        assert "确认码不对" in await told(place, ANNA, code)
        assert "还没有绑定" in await told(place, ANNA, "我的号码")


async def test_a_link_that_somebody_else_asked_for_binds_nothing(database_url, sessions):
    async with world(database_url, sessions) as place:
        # Bert sends his link to Anna, who proves her number on it and types the code in her chat.
        code = await proved(place, await linked(place, BERT))
        await told(place, ANNA, code)
        for openid in (ANNA, BERT):
            assert "还没有绑定" in await told(place, openid, "我的号码")
        # Anna's own code is of no use to Bert either.
        code = await proved(place, await linked(place, ANNA))
        assert "确认码不对" in await told(place, BERT, code)
        assert MASKED in await told(place, ANNA, code)


async def test_a_code_counts_for_two_minutes_and_once(database_url, sessions):
    clock = Clock()
    async with world(database_url, sessions, clock=clock) as place:
        place.platform.clock = clock
        code = await proved(place, await linked(place, ANNA))
        clock.now += 121
        assert "确认码不对" in await told(place, ANNA, code)
        code = await proved(place, await linked(place, ANNA))
        assert MASKED in await told(place, ANNA, code)
        assert "确认码不对" in await told(place, ANNA, code)


async def test_deliveries_of_a_code_at_the_same_moment_are_answered_alike(database_url, sessions):
    async with world(database_url, sessions) as place:
        code = await proved(place, await linked(place, ANNA))
        delivery = await place.says(ANNA, "绑定要收费吗")
        again = replace(delivery, fields={**delivery.fields, "Content": code, "MsgId": 7})
        bodies = await asyncio.gather(*(place.platform.deliver_once(again) for _ in range(4)))
        assert {place.platform._reply(body or "")["Content"].startswith("已绑定") for body in bodies} == {True}


async def test_another_follower_sees_nothing_of_it(database_url, sessions):
    async with world(database_url, sessions) as place:
        await bound(place, ANNA)
        assert "还没有绑定" in await told(place, BERT, "我的号码")
        assert "还没有绑定" in await told(place, BERT, "解绑 1")
        await told(place, BERT, "能换号吗")
        assert place.assistant.asked[-1].identity is None
        # Several may have bound the same number; one who ends it does not end it for the other.
        await bound(place, BERT)
        await told(place, BERT, "解绑")
        assert MASKED in await told(place, ANNA, "我的号码")
        await bound(place, BERT)
        await told(place, BERT, "解绑全部")
        assert MASKED in await told(place, ANNA, "我的号码")
        await place.platform.unsubscribe(BERT)
        assert MASKED in await told(place, ANNA, "我的号码")


async def test_numbers_are_unbound_one_by_one_or_all_together(database_url, sessions):
    async with world(database_url, sessions) as place:
        await bound(place, ANNA)
        await bound(place, ANNA, ARREARS)
        await told(place, ANNA, "能换号吗")
        assert place.assistant.asked[-1].identity == Identity("customer", (ALLOWED, ARREARS), "G1001")
        which = await told(place, ANNA, "解绑")
        assert f"1. {MASKED}\n2. {MASKED_ARREARS}" in which
        assert "哪个号码" in await told(place, ANNA, "解绑 3")
        assert MASKED_ARREARS in await told(place, ANNA, "解绑2")
        conversation = place.assistant.asked[-1].conversation
        await told(place, ANNA, "能换号吗")
        assert place.assistant.asked[-1].identity == Identity("customer", (ALLOWED,), "G1001")
        assert place.assistant.asked[-1].conversation != conversation
        assert MASKED in await told(place, ANNA, "解绑")
        await bound(place, ANNA)
        await bound(place, ANNA, ARREARS)
        assert "全部" in await told(place, ANNA, "解绑全部")
        await told(place, ANNA, "能换号吗")
        assert place.assistant.asked[-1].identity is None


async def test_whoever_no_longer_follows_has_nothing_bound(database_url, sessions):
    async with world(database_url, sessions) as place:
        await bound(place, ANNA)
        await place.platform.unsubscribe(ANNA)
        await place.platform.subscribe(ANNA)
        assert "还没有绑定" in await told(place, ANNA, "我的号码")


@pytest.mark.parametrize("present", ["G2002", None])
async def test_a_transfer_and_a_cancellation_end_it_for_good(database_url, sessions, holders, held, present):
    async with world(database_url, sessions, held=held) as place:
        await bound(place, ANNA)
        await told(place, ANNA, "能换号吗")
        holders[ALLOWED] = present
        await told(place, ANNA, "能换号吗")
        first, second = place.assistant.asked
        assert (first.identity is None, second.identity) == (False, None)
        assert first.conversation != second.conversation
        holders[ALLOWED] = "G1001"
        assert "还没有绑定" in await told(place, ANNA, "我的号码")


async def test_accounts_that_cannot_say_end_nothing(database_url, sessions):
    async with world(database_url, sessions, held=lambda _number, _customer: None) as place:
        await bound(place, ANNA)
        assert MASKED in await told(place, ANNA, "我的号码")


async def test_of_several_customers_only_the_last_bound_counts_and_that_is_said(
    database_url, sessions, monkeypatch, holders, held
):
    monkeypatch.setitem(HOLDERS, ARREARS, "G2002")
    holders[ARREARS] = "G2002"
    async with world(database_url, sessions, held=held) as place:
        await bound(place, ANNA)
        assert "不在同一个客户名下" in await bound(place, ANNA, ARREARS)
        await told(place, ANNA, "能换号吗")
        assert place.assistant.asked[-1].identity == Identity("customer", (ARREARS,), "G2002")
        assert f"只查 {MASKED_ARREARS}" in await told(place, ANNA, "我的号码")
        assert f"只查 {MASKED}" in await bound(place, ANNA)
        await told(place, ANNA, "能换号吗")
        assert place.assistant.asked[-1].identity == Identity("customer", (ALLOWED,), "G1001")


async def test_an_answer_that_comes_after_a_change_of_bindings_is_delivered_all_the_same(database_url, sessions):
    assistant = FakeAssistant(seconds=1.0)
    async with world(database_url, sessions, assistant=assistant, passive_seconds=0.2) as place:
        await bound(place, ANNA)
        await place.says(ANNA, "能换号吗")
        await told(place, ANNA, "解绑")
        await place.says(ANNA, "补卡要带什么")
        await place.until_shown(ANNA, 5)
        await asyncio.sleep(1.0)
        answers = [one for one in place.shown(ANNA) if one.startswith("回答")]
        assert sorted(answers) == ["回答：能换号吗", "回答：补卡要带什么"]


async def test_without_a_public_address_nothing_can_be_bound_and_that_is_said(database_url, sessions):
    async with world(database_url, sessions, public_url=None) as place:
        assert "没有开通号码绑定" in await told(place, ANNA, "绑定号码")


async def test_links_are_given_out_so_often_and_no_more(database_url, sessions):
    async with world(database_url, sessions) as place:
        for _ in range(10):
            await linked(place, ANNA)
        assert "次数太多" in await told(place, ANNA, "绑定")
        await linked(place, BERT)


async def test_no_number_no_customer_and_no_openid_stands_in_the_databases_in_clear(database_url, sessions):
    async with world(database_url, sessions) as place:
        await bound(place, ANNA)
        await told(place, ANNA, "我的号码")
        code = await proved(place, await linked(place, ANNA), ARREARS)
        await told(place, ANNA, code)
        await told(place, ANNA, "能换号吗")
        with place.room.store.engine.connect() as connection:
            for table in ("binding", "person", "received", "delivery", "former"):
                rows = str(connection.execute(text(f"SELECT * FROM messaging_{table}")).all())
                for secret in (ALLOWED, ARREARS, "G1001", ANNA, code):
                    assert secret not in rows, table
            assert connection.execute(text("SELECT count(*) FROM messaging_binding")).scalar() == 2
            # A row that is moved to somebody else opens for nobody.
            await told(place, BERT, "我的号码")
            connection.execute(text("UPDATE messaging_binding SET person_id = (SELECT max(id) FROM messaging_person)"))
            connection.commit()
        assert "还没有绑定" in await told(place, BERT, "我的号码")
