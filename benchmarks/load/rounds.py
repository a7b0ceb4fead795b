"""Many conversations at once, each of which waits for its answer before it goes on, and what became of them."""

import asyncio
import itertools
import os
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks.load.bots import Bot, CrossedError, Refused
from benchmarks.load.dialogues import Dialogue

_SECONDS: Final = 120
_TICKS: Final = os.sysconf("SC_CLK_TCK")
# Dialogue and turn -> the text of the answer.
Answers = dict[tuple[int, int], str]


@dataclass
class Round:
    """What became of the messages of one round; times in seconds, one for each answer."""

    conversations: int
    times: list[float] = field(default_factory=list)
    answers: Answers = field(default_factory=dict)
    seconds: float = 0.0
    sent: int = 0
    refused: list[Refused] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    processor: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, hundredth: int) -> float:
        """Milliseconds."""
        if hundredth == 50:
            return statistics.median(self.times) * 1000
        return statistics.quantiles(self.times, n=100, method="inclusive")[hundredth - 1] * 1000


async def play(
    bot: Bot,
    spoken: Sequence[Dialogue],
    conversations: int,
    messages: int,
    *,
    expected: Answers | None = None,
    processes: Mapping[str, Sequence[int]] | None = None,
) -> Round:
    """Plays dialogues, so many at a time, until so many messages have been said.

    Args:
        expected: the right answer to each turn; one that is different is a fault.
        processes: whose processor time is counted, by name.
    """
    result = Round(conversations)
    numbers: Iterable[int] = itertools.cycle(range(len(spoken)))
    turns = iter(numbers)

    async def person(http: aiohttp.ClientSession) -> None:
        while result.sent < messages:
            number = next(turns)
            dialogue = spoken[number]
            conversation = await bot.begin(http, dialogue)
            for turn, text in enumerate(dialogue.turns):
                result.sent += 1
                started = time.perf_counter()
                try:
                    conversation, answer = await bot.say(http, conversation, text)
                except Refused as refused:
                    result.refused.append(refused)
                    break
                except (CrossedError, aiohttp.ClientError, TimeoutError) as error:
                    result.faults.append(f"{text!r}: {type(error).__name__} {error}")
                    break
                result.times.append(time.perf_counter() - started)
                result.answers[number, turn] = answer
                if expected is not None and answer != expected[number, turn]:
                    result.faults.append(f"{text!r} was answered {answer[:80]!r}")

    before = {name: _processor_seconds(pids) for name, pids in (processes or {}).items()}
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as http:
        started = time.perf_counter()
        await asyncio.gather(*(person(http) for _ in range(conversations)))
        result.seconds = time.perf_counter() - started
    result.processor = {
        name: (_processor_seconds(pids) - before[name]) / max(1, len(result.times)) * 1000
        for name, pids in (processes or {}).items()
    }
    return result


def _processor_seconds(pids: Sequence[int]) -> float:
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / _TICKS
