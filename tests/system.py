"""The whole system as a user starts it, for tests: `python -m bot serve` on free ports with a folder of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from actions.settings import ROOT

# The demo accounts and the rules are dated; tests are not to depend on the day they run.
TODAY = "2026-11-22"
# The first start trains a model.
READY_SECONDS = 900
STOP_SECONDS = 30


@dataclass(frozen=True)
class RunningSystem:
    """Where it answers, where it keeps its files, and its supervisor process."""

    url: str
    var: Path
    process: subprocess.Popen[bytes]

    def processes(self, module: str) -> list[int]:
        """The process ids of the servers behind the gateway that run this module."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in pids}
        return [int(pid) for pid, command in commands.items() if command[1:4] == ["-m", "bot.child", module]]

    def children(self) -> list[tuple[str, int]]:
        """All servers behind the gateway: module and process id."""
        return [(module, pid) for module in ("rasa_sdk", "bot.rasa_server") for pid in self.processes(module)]

    def is_ready(self) -> bool:
        """Whether every part answers."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=10).status_code == 200
        except requests.ConnectionError:
            return False

    def wait_until_ready(self) -> None:
        """Returns when every part answers."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            assert self.process.poll() is None, f"the system ended:\n{self.messages()}"
            assert time.monotonic() < deadline, f"the system is not ready:\n{self.messages()}"
            time.sleep(0.3)

    def messages(self) -> str:
        """What it told the person at the terminal."""
        return (self.var / "stderr.txt").read_text(encoding="utf-8")


@contextmanager
def serving(var: Path, **environment: str) -> Iterator[RunningSystem]:
    """Starts the system, waits until it is ready, and stops it at the end."""
    settings = {"BOT_VAR": str(var), "RULES_TODAY": TODAY, "BOT_REPLY_TIMEOUT": "60", **environment}
    with (var / "stderr.txt").open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", "0"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stderr=stderr,
        )
    try:
        system = RunningSystem(_address(process, var / "stderr.txt"), var, process)
        system.wait_until_ready()
        yield system
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _address(process: subprocess.Popen[bytes], messages: Path) -> str:
    while True:
        told = messages.read_text(encoding="utf-8")
        if match := re.search(r"http://127\.0\.0\.1:\d+", told):
            return match[0]
        assert process.poll() is None, f"the system ended:\n{told}"
        time.sleep(0.1)
