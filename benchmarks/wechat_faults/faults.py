"""Platforms whose connections are cut, and which deliver a second time what was answered."""

import asyncio
import random
from collections import Counter
from contextlib import suppress

from yarl import URL

from benchmarks.wechat_faults.channels import Channel
from tests.wechat.platform import Delivering, Delivery, OfficialAccount
from tests.wecom.platform import SelfBuiltApp
from tests.wecom.robot import GroupRobot


class Faulty(Delivering):
    """A platform over connections that are cut (at most two of the three of a delivery)."""

    chance: random.Random
    done: Counter[str]
    # What the deliveries of the same thing were told, and how many of its connections are cut yet.
    answers: dict[int, set[str]]
    cuts: dict[int, int]
    # All deliveries, so that no id above is given to a later one.
    kept: list[Delivery]

    def begin(self, seed: int) -> None:
        """From now on things go wrong, by this seed."""
        self.chance, self.done, self.answers, self.cuts, self.kept = random.Random(seed), Counter(), {}, {}, []

    async def deliver_once(self, delivery: Delivery) -> str | None:
        """One delivery, with the fault that is planned for it."""
        if delivery.attempts < self.cuts.get(id(delivery), 0):
            delivery.attempts += 1
            await self._cut(delivery)
            return None
        return await self._told(delivery)

    async def _told(self, delivery: Delivery) -> str | None:
        body = await super().deliver_once(delivery)
        if body is not None and (text := self.told(body)):
            self.answers.setdefault(id(delivery.fields), set()).add(text)
        return body

    async def _cut(self, delivery: Delivery) -> None:
        """Sends a delivery and breaks the connection: in the middle of it, after it, or after the answer."""
        how = self.chance.choice(("before", "after", "answered"))
        self.done[f"cut {how}"] += 1
        if how == "answered":
            await self._told(Delivery(delivery.fields))
            return
        query, body = self.request(delivery.fields)
        url = URL(self.callback).with_query(query)
        head = (
            f"POST {url.raw_path_qs} HTTP/1.1\r\nHost: {url.host}\r\nContent-Type: {self.content_type}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):
            _, writer = await asyncio.open_connection(url.host, url.port)
            writer.write(head.encode() + (body if how == "after" else body[: len(body) // 2]))
            await writer.drain()
            await asyncio.sleep(self.chance.uniform(0.0, 3.0))
            writer.transport.abort()

    async def deliver(self, delivery: Delivery) -> None:
        """Delivers, and now and then a second time; the user sees the first answer."""
        self.kept.append(delivery)
        chance = self.chance.random()
        self.cuts[id(delivery)] = 2 if chance < 0.05 else 1 if chance < 0.3 else 0
        doubled = self.chance.random()
        if doubled >= 0.2:
            await super().deliver(delivery)
            return
        self.done["doubled"] += 1
        again = asyncio.create_task(self._again(delivery, 0.0 if doubled < 0.1 else self.chance.uniform(0.0, 6.0)))
        await super().deliver(delivery)
        await again

    async def _again(self, delivery: Delivery, after: float) -> None:
        await asyncio.sleep(after)
        await self.deliver_once(Delivery(delivery.fields))


class FaultyAccount(Faulty, OfficialAccount):
    """An Official Account."""


class FaultyApp(Faulty, SelfBuiltApp):
    """An app for staff."""


class FaultyRobot(Faulty, GroupRobot):
    """A robot in a group."""


def faulty(channel: Channel, people: set[str], answer_seconds: float) -> Faulty:
    """A platform with faults to come."""
    match channel:
        case "wechat":
            return FaultyAccount("", answer_seconds=answer_seconds)
        case "wecom":
            return FaultyApp("", people, answer_seconds=answer_seconds)
        case "robot":
            return FaultyRobot("", answer_seconds=answer_seconds)
