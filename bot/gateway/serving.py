"""The listening socket: how many connections one address may hold, how long a silent one, and how it all ends."""

import asyncio
import json
import logging
import socket
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from actions.settings import DoorSettings
from bot.gateway.answers import json_answer
from bot.gateway.callers import is_trusted, network_of, parse_address
from bot.gateway.errors import GatewayError
from bot.gateway.headers import FIXED
from bot.gateway.metrics import REFUSED
from bot.gateway.request_log import REQUEST_ID_HEADER, new_request_id

logger = logging.getLogger("bot.gateway")

# A connection that has not sent a whole request head by then is closed. Longer than proxies keep idle connections
# (60 s as a rule): otherwise they would now and then send a request into one that is just being closed.
IDLE_SECONDS: Final = 65.0
# People who come at the same moment; what does not fit is dropped by the kernel and tried again seconds later.
BACKLOG: Final = 1024


def _refusal() -> bytes:
    """What a connection too many is told, before anything of it has been read."""
    error = GatewayError(503, "busy", "从您的网络同时打开的连接太多，请过几秒再试。")
    body = json.dumps(error.to_json(), ensure_ascii=False).encode()
    headers = {
        **FIXED,
        "Connection": "close",
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "Retry-After": "5",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 503 Service Unavailable\r\n{head}\r\n".encode() + body


_REFUSAL: Final = _refusal()


class Listener:
    """Serves an application on a socket.

    Args:
        app: the application.
        sock: a listening socket.
        door: bounds.
        idle_seconds: how long a connection may go without a request.
    """

    def __init__(
        self, app: web.Application, sock: socket.socket, door: DoorSettings, *, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=door.shutdown_seconds, keepalive_timeout=idle_seconds
        )
        self._socket = sock
        self._idle_seconds = idle_seconds
        self._connections = Connections(door)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begins to accept connections."""
        await self._runner.setup()
        manager, loop = self._runner.server, asyncio.get_running_loop()
        assert manager is not None  # noqa: S101 - it is there after setup

        def make() -> asyncio.Protocol:
            # None is what turns it off; the annotation forgets that.
            return _Protocol(manager, loop=loop, access_log=None, keepalive_timeout=self._idle_seconds)  # type: ignore[arg-type]

        self._server = await loop.create_server(
            lambda: _Gate(make, self._connections), sock=self._socket, backlog=BACKLOG
        )

    async def stop(self) -> None:
        """Accepts nobody any more, lets what runs end within its time, and closes everything."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()


class Connections:
    """Counts the open connections of each address."""

    def __init__(self, door: DoorSettings) -> None:
        self._door = door
        self._open: Counter[str] = Counter()

    def enter(self, host: str) -> str | None:
        """Counts one more of this host; returns what to `leave` with, None where it has too many."""
        address = parse_address(host)
        key = network_of(address)
        # A proxy's connections are those of all its clients.
        if self._open[key] >= self._door.max_connections and not is_trusted(address, self._door.trusted_proxies):
            return None
        self._open[key] += 1
        return key

    def leave(self, key: str) -> None:
        """Counts one less."""
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]


class _Protocol(web.RequestHandler):
    """aiohttp's protocol, whose own refusals (of what is no HTTP) are like those of the layers.

    It would tell the sender, and the log, the line that it could not read, which may hold a number or a token.
    """

    __slots__ = ()

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answers with one sentence and closes the connection."""
        request_id = new_request_id()
        fields = {"id": request_id, "status": status, "reason": type(exc).__name__}
        if status < 500 or isinstance(exc, HttpProcessingError):
            REFUSED.labels("malformed").inc()
            logger.info("malformed request", extra={"fields": fields})
        else:
            logger.error("unexpected error", exc_info=exc, extra={"fields": fields})
        if request.writer.output_size > 0:
            raise ConnectionError("An answer has been begun already.")
        error = GatewayError(status, *_WORDS[status >= 500])
        response = json_answer(error.to_json(), status)
        response.headers.update({**FIXED, REQUEST_ID_HEADER: request_id, "Server": "gateway"})
        response.force_close()
        return response


_WORDS: Final = {
    False: ("bad_request", "请求不正确。"),
    True: ("internal_error", "系统出了点问题，请稍后再试。"),
}


class _Gate(asyncio.Protocol):
    """Stands before aiohttp's protocol: passes everything on once the connection is let in."""

    def __init__(self, make: Callable[[], asyncio.Protocol], connections: Connections) -> None:
        self._make = make
        self._connections = connections
        self._key: str | None = None
        self._inner: asyncio.Protocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        self._key = self._connections.enter(peer[0] if isinstance(peer, tuple) else "")
        if self._key is not None:
            self._inner = self._make()
            self._inner.connection_made(transport)
            return
        REFUSED.labels("connections").inc()
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_REFUSAL)
        transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._key is not None:
            self._connections.leave(self._key)
        if self._inner is not None:
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner is not None:
            self._inner.resume_writing()
