"""Starts the whole system from one process, keeps it running and stops it cleanly."""

import asyncio
import errno
import gc
import signal
import socket
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from actions.accounts.database import open_engine, parse_url
from actions.accounts.demo import demo_accounts
from actions.accounts.errors import AccountsError
from actions.audit.errors import AuditError
from actions.audit.trail import prepare_audit
from actions.settings import ROOT, Settings, SettingsError
from bot.conversations.desk_hours import desk_hours
from bot.conversations.limits import Limits
from bot.conversations.opening import open_conversations
from bot.databases import require_database
from bot.demo_data import prepare_accounts
from bot.endpoints import write_endpoints
from bot.errors import UsageError
from bot.gateway.app import Parts, create_app
from bot.gateway.health import Check, action_server_check, audit_check, database_check, run_checks
from bot.gateway.limits import Limiter
from bot.gateway.log import log_to
from bot.gateway.rasa_client import RasaServer
from bot.gateway.rasa_workers import RasaWorkers
from bot.gateway.serving import BACKLOG, Listener
from bot.identity.parts import build_identity
from bot.identity.sessions import SessionStore
from bot.messengers import build_messengers
from bot.processes import Child, GaveUpError, child_command, child_environment, free_port, say
from bot.secret import channel_secret

_POLL_SECONDS: Final = 0.3
_STILL_WAITING_SECONDS: Final = 10.0
_TITLES: Final = {
    "rasa": "Rasa 服务",
    "actions": "动作服务",
    "database": "账户数据库",
    "sessions": "会话数据库",
    "conversations": "对话数据库",
    "audit": "审计库",
}
_ENVIRONMENT: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
    "SANIC_HOST": "127.0.0.1",  # rasa_sdk listens on every interface unless it is told otherwise
}


def listen(host: str, port: int) -> socket.socket:
    """The gateway's socket, taken before anything else is started; raises `UsageError` when that fails."""
    try:
        return socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        raise UsageError(f"无法在 {host}:{port} 上监听：{_reason(error)}。") from error


def _reason(error: OSError) -> str:
    unknown_name = error.errno is not None and error.errno < 0  # the codes of name resolution are negative
    if unknown_name or error.errno == errno.EADDRNOTAVAIL:
        return "这台机器没有这个地址，请检查 BOT_HOST"
    if error.errno == errno.EADDRINUSE:
        return "端口已被占用，请用 --port 换一个端口"
    return "没有权限使用这个端口，请用 --port 换一个端口" if isinstance(error, PermissionError) else str(error)


class Supervisor:
    """The running system: the gateway in this process, the action server and the Rasa server as children.

    Args:
        settings: where things are.
        door: the listening socket of the gateway.
    """

    def __init__(self, settings: Settings, door: socket.socket) -> None:
        self._settings = settings
        self._door = door
        self._started = time.monotonic()
        self._actions_port = free_port(settings.actions_port)
        self._rasa_ports = [free_port(settings.rasa_port + number) for number in range(settings.rasa_workers)]
        secret = channel_secret()
        self._assistant = RasaWorkers([RasaServer(f"http://127.0.0.1:{port}", secret) for port in self._rasa_ports])
        self._children: list[Child] = []
        self._has_model = False
        self._gateway: Listener | None = None
        self._checks: Mapping[str, Check] = {}

    async def run(self) -> int:
        """Runs until it is told to stop (0), a part of it cannot be kept running (1) or a setting cannot be used (2)."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(signal_number, stop.set)
        work = asyncio.create_task(self._work())
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
        outcome = 0
        try:
            if work.done():
                work.result()
            else:
                say("正在停止 ……")
        except* GaveUpError as failures:
            say("\n".join(str(failure) for failure in failures.exceptions))
            outcome = 1
        except* SettingsError as failures:
            say("\n".join(str(failure) for failure in failures.exceptions))
            outcome = 2
        finally:
            await self._stop(work, told)
        return outcome

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._run_action_server())
            group.create_task(self._run_rasa())
            await self._open_gateway()
            await self._announce()

    async def _run_action_server(self) -> None:
        arguments = ["--actions", "actions", "--port", str(self._actions_port)]
        await self._child("动作服务", "rasa_sdk", arguments, "actions.log").keep_running()

    async def _run_rasa(self) -> None:
        model = await self._model()
        self._has_model = True
        endpoints = self._settings.var / "run" / "endpoints.yml"
        write_endpoints(endpoints, self._settings, f"http://127.0.0.1:{self._actions_port}")
        async with asyncio.TaskGroup() as group:
            for number, port in enumerate(self._rasa_ports, start=1):
                arguments = ["--model", str(model), "--endpoints", str(endpoints), "--port", str(port)]
                log = "rasa.log" if number == 1 else f"rasa-{number}.log"
                group.create_task(self._child("Rasa 服务", "bot.rasa_server", arguments, log).keep_running())

    async def _model(self) -> Path:
        """The current model; trained by a process of its own, because training leaves a lot of memory behind."""
        process = await asyncio.create_subprocess_exec(
            *child_command("bot", ["train"]),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            env=child_environment({**_ENVIRONMENT, "TQDM_DISABLE": "1"}),
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            output, _ = await process.communicate()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        if process.returncode != 0:
            raise GaveUpError("没有可用的模型，助手无法启动。")
        return Path(output.decode().strip().splitlines()[-1])

    async def _open_gateway(self) -> None:
        settings = self._settings
        log_to(settings.var / "log" / "gateway.log", settings.log_level)
        parts = await asyncio.to_thread(self._prepare)
        self._gateway = Listener(create_app(parts), self._door, settings.door)
        await self._gateway.start()
        # What is loaded by now stays (the dictionary of the search above all): looked through again and again it made
        # single requests up to 80 ms longer.
        gc.collect()
        gc.freeze()

    def _prepare(self) -> Parts:
        """Prepares the databases, and puts the gateway together."""
        settings = self._settings
        try:
            require_database("TRACKER_URL", settings.tracker_url)  # Rasa would silently keep trackers in memory
            require_database("SESSIONS_URL", settings.sessions_url)
            require_database("CONVERSATIONS_URL", settings.conversations_url)
            prepare_accounts()
            prepare_audit()
            engine = open_engine(parse_url(settings.accounts_url), reading=True)
        except (AccountsError, AuditError) as error:
            raise SettingsError(str(error)) from error
        sessions = SessionStore(
            settings.sessions_url,
            idle_seconds=settings.session_idle_seconds,
            absolute_seconds=settings.session_absolute_seconds,
            demo=settings.demo,
        )
        conversations = open_conversations(
            settings.conversations_url,
            self._assistant,
            limits=Limits(capacity=settings.capacity, retention=timedelta(days=settings.retention_days)),
            desk_hours=desk_hours(settings.desk_hours),
        )
        demo = demo_accounts() if settings.demo else None
        self._checks = {
            "rasa": self._assistant.check,
            "actions": action_server_check(f"http://127.0.0.1:{self._actions_port}"),
            "database": database_check(engine),
            "sessions": database_check(sessions.engine),
            "conversations": database_check(conversations.store.engine),
            "audit": audit_check,
        }
        limiter = Limiter(settings.door.limits, channel_secret(), settings.redis_url)
        identity = build_identity(
            settings, sessions, demo_accounts=demo, limiter=limiter, allowed_origin=settings.door.origins.__contains__
        )
        return Parts(
            assistant=self._assistant,
            sessions=sessions,
            reply_timeout_seconds=settings.reply_timeout_seconds,
            demo_accounts=demo,
            checks=self._checks,
            door=settings.door,
            limiter=limiter,
            identity=identity,
            conversations=conversations,
            messengers=partial(build_messengers, settings, identity.customers.verification),
        )

    async def _announce(self) -> None:
        """Tells what is being waited for, and then where to go."""
        host, port = self._door.getsockname()[:2]
        address = f"http://{host}:{port}/"
        say(f"网关已启动：{address}（答复要等其他部分就绪）")
        next_word = time.monotonic() + _STILL_WAITING_SECONDS
        while True:
            results = await run_checks(self._checks)
            missing = "、".join(_TITLES[name] for name, passed in results.items() if not passed)
            if not missing:
                break
            if time.monotonic() >= next_word and self._has_model:  # training tells its own progress
                say(f"还在等待：{missing}（已用 {self._seconds()} 秒）")
                next_word = time.monotonic() + _STILL_WAITING_SECONDS
            await asyncio.sleep(_POLL_SECONDS)
        say(f"全部就绪，用时 {self._seconds()} 秒。请用浏览器打开 {address} ，按 Ctrl-C 停止。")

    def _seconds(self) -> str:
        return f"{time.monotonic() - self._started:.0f}"

    async def _stop(self, *tasks: asyncio.Task[object]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._gateway is not None:
            await self._gateway.stop()
        await asyncio.gather(self._assistant.close(), *(child.stop() for child in self._children))
        say("已停止。")

    def _child(self, title: str, module: str, arguments: list[str], log: str) -> Child:
        child = Child(title, module, arguments, self._settings.var / "log" / log, _ENVIRONMENT)
        self._children.append(child)
        return child
