"""Reads a stream of server-sent events as a browser does."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse


@dataclass(frozen=True)
class Event:
    name: str
    data: dict[str, Any]
    id: str | None


async def events(response: ClientResponse, seconds: float = 10.0):
    """The events of a stream; comments are passed over."""
    lines: dict[str, str] = {}
    async with asyncio.timeout(seconds):
        async for raw in response.content:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(":")
                lines[name] = value.removeprefix(" ")
            else:
                if "data" in lines:
                    yield Event(lines["event"], json.loads(lines["data"]), lines.get("id"))
                lines = {}
