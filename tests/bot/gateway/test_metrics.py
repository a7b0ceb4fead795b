"""What the gateway counts while it answers."""

import asyncio

from tests.bot.gateway.conftest import ask


async def figures(client):
    response = await client.get("/metrics")
    assert response.status == 200
    lines = [line for line in (await response.text()).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_messages_that_wait_are_shown_until_they_are_answered(client, assistant):
    assistant.seconds = 0.3
    asking = asyncio.create_task(ask(client, "销户要带什么"))
    while not assistant.asked:
        await asyncio.sleep(0.01)
    waiting = await figures(client)
    await asking
    answered = await figures(client)

    assert waiting["bot_messages_waiting"] == 1
    assert answered["bot_messages_waiting"] == 0


async def test_every_answer_is_counted_by_what_was_decided(client):
    before = await figures(client)
    await ask(client, "销户要带什么")
    after = await figures(client)

    for name in ('bot_answers_total{outcome="answered"}', 'bot_messages_total{decision="answer"}'):
        assert after[name] == before.get(name, 0) + 1
