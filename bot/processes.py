"""Child processes that are kept running, and stopped together with what started them."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from actions.settings import ROOT
from bot.child import PARENT_VARIABLE

_STOP_SECONDS: Final = 8.0
_STABLE_SECONDS: Final = 60.0
_DELAYS: Final = (1.0, 2.0, 5.0, 10.0)


class GaveUpError(Exception):
    """A part of the system cannot be kept running; the message is one Chinese sentence."""


def say(text: str) -> None:
    """Tells the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def free_port(preferred: int) -> int:
    """The preferred loopback port, or another one when that is taken."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", preferred))
        except OSError:
            candidate.bind(("127.0.0.1", 0))
        return int(candidate.getsockname()[1])


def child_command(module: str, arguments: Sequence[str]) -> list[str]:
    """The command line that runs a module as a process that ends with this one."""
    return [sys.executable, "-m", "bot.child", module, *arguments]


def child_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment that `child_command` needs, with more variables."""
    return {**os.environ, **variables, PARENT_VARIABLE: str(os.getpid())}


class Child:
    """One Python module that runs as a process of its own.

    Args:
        title: what people call it.
        module: the module, as for `python -m`.
        arguments: its arguments.
        log: the file its output goes to; started afresh each time the system starts.
        environment: variables beside the inherited ones.
    """

    def __init__(
        self, title: str, module: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str]
    ) -> None:
        self._title = title
        self._command = child_command(module, arguments)
        self._log = log
        self._environment = child_environment(environment)
        self._process: asyncio.subprocess.Process | None = None
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")

    @property
    def pid(self) -> int | None:
        """The process id; None before the first start."""
        return self._process.pid if self._process is not None else None

    async def keep_running(self) -> None:
        """Starts the process, and starts it again whenever it ends; returns never.

        Raises `GaveUpError` when it ends again and again soon after its start.
        """
        failures = 0
        while True:
            started = time.monotonic()
            code = await self._run()
            failures = 1 if time.monotonic() - started > _STABLE_SECONDS else failures + 1
            if failures > len(_DELAYS):
                raise GaveUpError(f"{self._title}反复停止（退出码 {code}），无法继续运行。原因请看 {self._log}")
            delay = _DELAYS[failures - 1]
            say(f"{self._title}意外停止（退出码 {code}），{delay:.0f} 秒后重新启动。原因请看 {self._log}")
            await asyncio.sleep(delay)

    async def _run(self) -> int:
        with self._log.open("ab") as log:
            # A session of its own, so that Ctrl-C reaches only the supervisor, which stops everything in order.
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                cwd=ROOT,
                start_new_session=True,
            )
        return await self._process.wait()

    async def stop(self) -> int | None:
        """Ends the process, politely first; returns its exit code, None when it never ran."""
        process = self._process
        if process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                return await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            return await process.wait()
