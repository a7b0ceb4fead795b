"""A fault run: what people write through the simulator of the platform while everything around it goes wrong."""

import asyncio
import itertools
import os
import random
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from benchmarks.wechat_faults.channels import CALLBACKS, Channel, servers_of, staff_file, write_staff
from benchmarks.wechat_faults.faults import Faulty, faulty
from bot.messaging.models import delivery as outbox
from bot.messaging.outbox import _LEASE_SECONDS
from bot.storage import open_storage
from tests.wechat.platform import SERVICE_FAILED, Delivery, OfficialAccount, Shown, serving
from tests.wecom.platform import SelfBuiltApp

ROOT = Path(__file__).resolve().parents[2]
# An answer that is not there so long after the last message is lost: longer than any lease.
QUIET_SECONDS = 90.0


@dataclass(frozen=True)
class Plan:
    """What a run does.

    Args:
        url: of the conversations database.
        folder: for everything else.
        channel: which callback.
        delay: seconds that the assistant takes at most.
        pause: seconds that people wait at most before they write again.
        every: seconds between two ends of a gateway.
        ends: so often a gateway ends at least, even where everything has been said by then.
        between: kill only while nothing is being sent, so that nothing has to be sent again.
        answer_seconds: how long the platform waits for an answer.
    """

    url: str
    folder: Path
    messages: int = 2000
    people: int = 400
    channel: Channel = "wechat"
    delay: float = 12.0
    pause: float = 50.0
    every: float = 25.0
    ends: int = 0
    between: bool = False
    answer_seconds: float = 5.0
    seed: int = 7


@dataclass
class Result:
    """What became of it; the lists name messages."""

    passive: int = 0
    late: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    # Sent once more after the lease of a gateway that was killed while it sent.
    resent: list[str] = field(default_factory=list)
    # All three deliveries failed because gateways ended: no gateway promised an answer.
    undelivered: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    slowest_passive: float = 0.0
    slowest_answer: float = 0.0
    seconds: float = 0.0


class Gateways:
    """Two processes behind one address."""

    def __init__(self, plan: Plan, servers: str) -> None:
        self._plan, self._servers = plan, servers
        self._up: dict[int, tuple[Process, int]] = {}
        self._turn = itertools.count()

    async def start(self, slot: int) -> None:
        """Starts a process, and waits until it listens."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "benchmarks.wechat_faults.gateway", self._plan.channel, str(self._plan.folder)),
            *(self._plan.url, self._servers, str(self._plan.seed), str(self._plan.delay)),
            stdout=PIPE,
            stderr=(self._plan.folder / "gateways.log").open("ab"),
            cwd=ROOT,
            env={**os.environ, "BOT_VAR": str(self._plan.folder)},
        )
        assert process.stdout is not None
        self._up[slot] = (process, int(await process.stdout.readline()))

    async def end(self, slot: int, sign: signal.Signals) -> None:
        """Stops or kills a process, and waits for its end."""
        process, _ = self._up[slot]
        if sign == signal.SIGKILL and self._plan.between:
            await self._stop_between(process)
        process.send_signal(sign)
        await process.wait()
        del self._up[slot]

    async def _stop_between(self, process: Process) -> None:
        """Makes a process stand still at a moment when no gateway is sending anything."""
        engine = open_storage(self._plan.url)
        sending = select(exists().where(outbox.c.state == "sending"))
        while True:
            process.send_signal(signal.SIGSTOP)
            with engine.connect() as connection:
                if not connection.execute(sending).scalar():
                    break
            process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.05)
        engine.dispose()

    async def close(self) -> None:
        """Ends those that run."""
        for process, _ in list(self._up.values()):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    @asynccontextmanager
    async def address(self) -> AsyncIterator[str]:
        """The one address: each connection goes to a process that takes it."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports = [port for _, port in self._up.values()]
        first = next(self._turn)
        for turn in range(len(ports)):
            with suppress(OSError):
                there = await asyncio.open_connection("127.0.0.1", ports[(first + turn) % len(ports)])
                await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))
                return
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def run(plan: Plan) -> Result:
    """One run: its people write, the gateways end and start, and what everybody was shown is counted."""
    chance = random.Random(plan.seed)
    names = [f"o-{number}" for number in range(plan.people)]
    platform = faulty(plan.channel, set(names), plan.answer_seconds)
    platform.begin(plan.seed + 1)
    write_staff(staff_file(plan.folder), names)
    began = time.monotonic()
    async with serving(servers_of(platform)) as servers:
        gateways = Gateways(plan, servers)
        try:
            # The first one makes the tables.
            await gateways.start(0)
            await gateways.start(1)
            async with gateways.address() as address:
                platform.callback = address + CALLBACKS[plan.channel]
                said: dict[str, tuple[str, Delivery]] = {}
                each = plan.messages // plan.people
                people = [asyncio.create_task(_writes(platform, plan, name, each, said)) for name in names]
                over = asyncio.Event()
                troubles = asyncio.create_task(_trouble(gateways, platform, plan, chance, over))
                await asyncio.gather(*people)
                over.set()
                await troubles
                await _until_answered(platform, said)
        finally:
            await gateways.close()
    result = judge(platform, said)
    result.done = platform.done
    result.seconds = time.monotonic() - began
    return result


async def _writes(platform: Faulty, plan: Plan, openid: str, count: int, said: dict[str, tuple[str, Delivery]]) -> None:
    chance = random.Random(f"{plan.seed} {openid}")
    await asyncio.sleep(chance.uniform(0.0, plan.pause))
    for number in range(count):
        text = f"问{openid}之{number}完"
        said[text] = (openid, await platform.say(openid, text))
        await asyncio.sleep(chance.uniform(0.0, plan.pause))


async def _trouble(
    gateways: Gateways, platform: Faulty, plan: Plan, chance: random.Random, over: asyncio.Event
) -> None:
    """Ends and starts the processes in turn; between times the platform is busy or takes back its tokens."""
    for turn in itertools.count():
        await asyncio.sleep(plan.every / 2)
        if isinstance(platform, OfficialAccount | SelfBuiltApp):
            if turn % 2:
                platform.expire_tokens()
                platform.done["tokens ended"] += 1
            else:
                platform.busy += (busy := chance.randint(3, 12))
                platform.done["busy answers"] += busy
        await asyncio.sleep(plan.every / 2)
        if over.is_set() and turn >= plan.ends:
            return
        sign = signal.SIGKILL if turn % 2 else signal.SIGTERM
        await _restart(gateways, turn // 2 % 2, sign, chance.uniform(0.0, 3.0))
        platform.done[sign.name] += 1


async def _restart(gateways: Gateways, slot: int, sign: signal.Signals, pause: float) -> None:
    await gateways.end(slot, sign)
    await asyncio.sleep(pause)
    await gateways.start(slot)


async def _until_answered(platform: Faulty, said: dict[str, tuple[str, Delivery]]) -> None:
    """Waits for what is not answered yet, and then for what may come once more."""
    until = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < until:
        if all(any(f"回答：{text}" in one.text for one in platform.shown_to(who)) for text, (who, _) in said.items()):
            break
        await asyncio.sleep(0.5)
    await asyncio.sleep(3.0)


def judge(platform: Faulty, said: dict[str, tuple[str, Delivery]]) -> Result:
    """Compares what everybody was shown with what they wrote, text by text."""
    result = Result(faults=Counter(platform.faults))
    for text, (openid, delivery) in said.items():
        shown = [one for one in platform.shown_to(openid) if f"回答：{text}" in one.text]
        if delivery.answer is not None:
            result.slowest_answer = max(result.slowest_answer, delivery.seconds[-1])
            if delivery.answer not in ("", "success"):
                result.slowest_passive = max(result.slowest_passive, delivery.seconds[-1])
        if len(shown) == 1 and shown[0].text.count(f"回答：{text}") == 1:
            result.passive += shown[0].passive
            result.late += not shown[0].passive
        elif not shown:
            failed = delivery.answer is None
            (result.undelivered if failed else result.lost).append(f"{text} {delivery.statuses}")
        elif _is_resent(shown):
            result.late += 1
            result.resent.append(text)
        else:
            result.doubled.append(f"{text} {[(one.passive, round(one.at, 1)) for one in shown]} {delivery.statuses}")
        if len(platform.answers.get(id(delivery.fields), ())) > 1:
            result.unlike.append(text)
    for openid in {who for who, _ in said.values()}:
        for one in platform.shown_to(openid):
            if one.text != SERVICE_FAILED and (one.text.count("问") != one.text.count(f"问{openid}之")):
                result.crossed.append(openid)
            elif one.text != SERVICE_FAILED and "回答：" not in one.text:
                result.faults[one.text] += 1
    return result


def _is_resent(shown: list[Shown]) -> bool:
    """Whether both were messages of their own, a lease apart."""
    apart = [later.at - earlier.at for earlier, later in itertools.pairwise(shown)]
    return not any(one.passive for one in shown) and all(pause >= _LEASE_SECONDS - 1 for pause in apart)


def told(result: Result) -> dict[str, Any]:
    """The result in figures."""
    names = ("lost", "doubled", "crossed", "resent", "undelivered", "unlike")
    return {
        "passive": result.passive,
        "late": result.late,
        **{name: len(getattr(result, name)) for name in names},
        "slowest_passive": round(result.slowest_passive, 3),
        "slowest_answer": round(result.slowest_answer, 3),
        "seconds": round(result.seconds),
        "faults": dict(result.faults),
        "done": dict(result.done),
    }
