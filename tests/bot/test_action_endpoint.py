"""What Rasa sends to the action server, on a real server."""

from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.utils.endpoints import EndpointConfig

from bot.action_endpoint import ActionServer

CALL = {"next_action": "action_answer", "tracker": {"slots": {"operation": "x"}, "events": [{"event": "user"}]}}


async def test_a_call_carries_the_slots_but_not_the_history_and_keeps_its_connection():
    calls, connections = [], set()

    async def webhook(request):
        calls.append(await request.json())
        connections.add(request.transport.get_extra_info("peername"))
        return web.json_response({"events": [], "responses": []})

    app = web.Application()
    app.router.add_post("/webhook", webhook)
    async with TestServer(app) as server:
        endpoint = ActionServer(EndpointConfig(str(server.make_url("/webhook")), enable_selective_domain=True))
        for _ in range(3):
            assert await endpoint.request(json=CALL, method="post", timeout=10) == {"events": [], "responses": []}
        await endpoint._connections.close()

    assert calls == [{"next_action": "action_answer", "tracker": {"slots": {"operation": "x"}, "events": []}}] * 3
    assert len(connections) == 1
    assert CALL["tracker"]["events"]  # Rasa goes on using what it sent
    assert endpoint.kwargs["enable_selective_domain"]
