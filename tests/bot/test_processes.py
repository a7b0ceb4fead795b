"""Children are kept running, given up on when that is hopeless, and never left behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import bot.processes
from actions.settings import ROOT
from bot.processes import Child, GaveUpError, free_port


def child(tmp_path, module, *arguments):
    return Child("测试进程", module, arguments, tmp_path / "log" / "child.log", {})


async def test_a_process_that_keeps_ending_is_started_again_and_then_given_up(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bot.processes, "_DELAYS", (0.0, 0.0))
    with pytest.raises(GaveUpError, match="测试进程反复停止"):
        await child(tmp_path, "platform").keep_running()

    assert len((tmp_path / "log" / "child.log").read_text().splitlines()) == 3  # one line each time it ran
    assert capsys.readouterr().err.count("重新启动") == 2


async def test_a_process_is_stopped_politely(tmp_path):
    running = child(tmp_path, "http.server", "0", "--bind", "127.0.0.1")
    task = asyncio.create_task(running.keep_running())
    while running.pid is None:
        await asyncio.sleep(0.02)
    pid = running.pid
    task.cancel()

    assert await running.stop() == -signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_stopping_what_never_ran_is_no_error(tmp_path):
    assert await child(tmp_path, "platform").stop() is None


def test_a_child_ends_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, time\n"
            "from bot.processes import child_command, child_environment\n"
            "child = subprocess.Popen(child_command('http.server', ['0', '--bind', '127.0.0.1']),\n"
            "    env=child_environment({'PYTHONUNBUFFERED': '1'}), stdout=subprocess.PIPE)\n"
            "child.stdout.readline()\n"  # it serves
            "print(child.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()

    for _ in range(500):
        if not runs(pid):
            return
        time.sleep(0.02)
    pytest.fail("the child is still there")


def runs(pid):
    """Whether a process is there and more than a zombie that nobody has waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_taken_port_is_replaced_by_a_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) != port
    assert free_port(port) == port
