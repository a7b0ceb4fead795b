"""The listening socket: bounds on connections, silent ones, and the end."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.gateway.serving import Listener
from tests.bot.gateway.door import DoorSettings, make_app, raw
from tests.bot.gateway.fakes import FakeAssistant


@asynccontextmanager
async def listening(folder, assistant=None, *, idle=65.0, **door):
    sock = socket.create_server(("127.0.0.1", 0))
    app = make_app(folder, assistant, **door)
    listener = Listener(app, sock, DoorSettings(**door), idle_seconds=idle)
    await listener.start()
    try:
        yield listener, sock.getsockname()[1]
    finally:
        await listener.stop()


async def test_one_address_holds_no_more_connections_than_allowed(tmp_path):
    async with listening(tmp_path, max_connections=2) as (_, port):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        refused = await raw(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        # The server hears of the closed connections a moment later.
        async with asyncio.timeout(10):
            served = b""
            while not served.startswith(b"HTTP/1.1 200"):
                served = await raw(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    head, _, body = refused.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503")
    assert b"Retry-After: 5" in head
    assert json.loads(body)["error"] == {"code": "busy", "message": "从您的网络同时打开的连接太多，请过几秒再试。"}


async def test_a_request_head_that_does_not_end_is_not_waited_for(tmp_path):
    async with listening(tmp_path, idle=0.3) as (_, port):
        assert await raw(port, b"GET /healthz HTTP/1.1\r\nX-Slow: ") == b""


async def connect_again_and_again(port):
    while True:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await asyncio.sleep(0.01)


async def test_what_runs_ends_and_nobody_new_is_let_in_when_it_stops(tmp_path):
    assistant = FakeAssistant(seconds=0.5)
    async with listening(tmp_path, assistant) as (listener, port), aiohttp.ClientSession() as http:
        running = asyncio.create_task(http.post(f"http://127.0.0.1:{port}/api/v1/messages", json={"text": "在吗"}))
        while not assistant.asked:
            await asyncio.sleep(0.01)
        stopping = asyncio.create_task(listener.stop())
        async with asyncio.timeout(10):
            with pytest.raises(OSError, match="Connect call failed"):
                await connect_again_and_again(port)
        response = await running
        assert response.status == 200
        await stopping
