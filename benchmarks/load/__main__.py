"""Whole answers under load: ours through the gateway, and a stock Rasa bot of the same data, in turn in one run.

    .venv/bin/python -m benchmarks.load [--rounds 2] [--conversations 1,20,100]

Both run on loopback on this machine, which also plays the people. What is said comes from `benchmarks.load.dialogues`;
the first round of each, one person alone, says which answer belongs to which question.
"""

import argparse
import asyncio
import sqlite3
import statistics
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from actions.settings import settings
from benchmarks.load import stock
from benchmarks.load.bots import Bot, Ours, Stock
from benchmarks.load.dialogues import Dialogue, dialogues
from benchmarks.load.rounds import Answers, Round, play
from bot.training import ensure_model
from tests.system import RunningSystem, serving

_DIALOGUES: Final = 120
_WARM_UP: Final = 30
_HEADER: Final = (
    "| conversations | bot | messages | messages/s | median ms | 99th ms | longest ms | processor ms/message |"
)

# Process ids, by what they do.
Parts = dict[str, list[int]]


def main() -> None:
    """Measures, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--conversations", default="1,20,100")
    parser.add_argument("--messages", type=int, default=400, help="messages of a round")
    parser.add_argument("--burst", type=int, default=600, help="conversations that begin at the same moment")
    parser.add_argument("--share", default="eighth", help="share of our utterances that the stock bot learns")
    parser.add_argument("--epochs", type=int, default=8, help="of the stock bot; they do not change how long it takes")
    parser.add_argument("--bots", default="ours,stock")
    parser.add_argument("--out", type=Path, default=settings().var / "load" / "result.md")
    args = parser.parse_args()

    ensure_model()
    spoken = dialogues(_DIALOGUES)
    folder = (settings().var / "load" / "stock").resolve()
    names = args.bots.split(",")
    if "stock" in names:
        tell("The stock bot is prepared …")
        stock.prepare(folder, args.share, args.epochs)
    lines = [_HEADER, "|---|---|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as var, serving(Path(var), BOT_LIMITS="off") as system:
        runs: list[tuple[Bot, Parts]] = [(Ours(system.url), _parts(system))] if "ours" in names else []
        if "stock" in names:
            with stock.serving(folder) as peer:
                runs.append((Stock(peer.url), {"rasa": [peer.process.pid]}))
                faults = measure(runs, spoken, args, lines)
        else:
            faults = measure(runs, spoken, args, lines)
        if "ours" in names:
            faults += counted(Path(var) / "tracker.db")
            lines += ["", asyncio.run(burst(Ours(system.url), spoken, args.burst))]
    table = "\n".join([*lines, "", *(faults or ["No answer was lost, doubled or crossed."])])
    print(table)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(table + "\n", encoding="utf-8")
    sys.exit(bool(faults))


def measure(
    runs: list[tuple[Bot, Parts]], spoken: list[Dialogue], args: argparse.Namespace, lines: list[str]
) -> list[str]:
    """Runs every number of conversations in turn; adds lines to the table and returns what went wrong."""
    faults: list[str] = []
    right: dict[str, Answers] = {}
    turns = sum(len(dialogue.turns) for dialogue in spoken)
    for bot, _ in runs:
        asyncio.run(play(bot, spoken, 1, _WARM_UP))
        # Everything once by one person alone.
        alone = asyncio.run(play(bot, spoken, 1, turns))
        right[bot.name] = alone.answers
        faults += [f"{bot.name}, alone: {fault}" for fault in alone.faults]
        tell(f"{bot.name}: {len(set(alone.answers.values()))} different answers to {turns} messages")
    for conversations in map(int, args.conversations.split(",")):
        measured: dict[str, list[Round]] = {bot.name: [] for bot, _ in runs}
        for _ in range(args.rounds):
            for bot, processes in runs:
                messages = args.messages if conversations > 1 else args.messages // 2
                done = asyncio.run(
                    play(bot, spoken, conversations, messages, expected=right[bot.name], processes=processes)
                )
                measured[bot.name].append(done)
                faults += [f"{bot.name}, {conversations}: {fault}" for fault in done.faults]
                faults += [f"{bot.name}, {conversations}: refused {one}" for one in done.refused]
        for name, rounds in measured.items():
            lines.append(row(name, rounds))
            tell(lines[-1])
    return faults


def row(name: str, rounds: list[Round]) -> str:
    """One line of the table: all rounds together."""
    whole = Round(rounds[0].conversations, times=[seconds for one in rounds for seconds in one.times])
    whole.seconds = sum(one.seconds for one in rounds)
    processor = " + ".join(
        f"{part} {statistics.mean(one.processor[part] for one in rounds):.1f}" for part in rounds[0].processor
    )
    return (
        f"| {whole.conversations} | {name} | {len(whole.times)} | {whole.rate:.1f} | {whole.percentile(50):.0f} "
        f"| {whole.percentile(99):.0f} | {max(whole.times) * 1000:.0f} | {processor} |"
    )


async def burst(bot: Bot, spoken: list[Dialogue], conversations: int) -> str:
    """Everybody at once: each is answered or refused politely, and nothing else happens."""
    first = [Dialogue(None, dialogue.turns[:1]) for dialogue in spoken]
    done = await play(bot, first, conversations, conversations)
    polite = sum(
        one.status == 503 and isinstance(one.body, dict) and bool(one.body.get("error", {}).get("message"))
        for one in done.refused
    )
    return (
        f"{conversations} people at the same moment: {len(done.times)} answered (99th {done.percentile(99):.0f} ms), "
        f"{polite} refused politely, {len(done.refused) - polite} otherwise, {len(done.faults)} without an answer."
    )


def counted(path: Path) -> list[str]:
    """Conversations in which not every message has exactly one reply on record."""
    query = "SELECT sender_id, SUM(type_name = 'user') AS said, SUM(type_name = 'bot') AS told FROM events GROUP BY 1"
    with closing(sqlite3.connect(path)) as database:
        return [
            f"{sender}: {said} messages, {told} replies"
            for sender, said, told in database.execute(query)
            if said != told
        ]


def _parts(system: RunningSystem) -> dict[str, list[int]]:
    """The processes of our assistant, by what they do."""
    return {
        "gateway": [system.process.pid],
        "actions": system.processes("rasa_sdk"),
        "rasa": system.processes("bot.rasa_server"),
    }


def tell(text: str) -> None:
    """Tells the person at the terminal how far it is."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
