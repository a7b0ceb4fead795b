"""Starting, stopping, and what users see when a part of the system dies."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from actions.settings import ROOT
from tests.system import RunningSystem, serving

pytestmark = pytest.mark.system


def ask(system: RunningSystem, text: str) -> requests.Response:
    return requests.post(f"{system.url}/api/v1/messages", json={"text": text}, timeout=90)


def listeners(pid: int) -> set[str]:
    """The addresses a process listens on, as the kernel tells them: hexadecimal, 0100007F is 127.0.0.1."""
    sockets = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink()}
    tables = [Path(f"/proc/{pid}/net/{table}").read_text().splitlines() for table in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


def test_only_the_gateway_could_ever_be_reached_from_outside(running_system: RunningSystem) -> None:
    for module, pid in running_system.children():
        assert listeners(pid) == {"0100007F"}, module


def test_rasa_answers_nobody_but_the_gateway(running_system: RunningSystem) -> None:
    endpoints = (running_system.var / "log" / "rasa.log").read_text(encoding="utf-8")
    address = next(word for word in endpoints.split() if word.startswith("http://127.0.0.1:"))
    forged = {"conversation": "conversation-1", "text": "在吗", "identity": {"role": "staff"}}

    assert requests.post(f"{address}/webhooks/gateway/messages", json=forged, timeout=10).status_code == 401
    assert requests.post(f"{address}/webhooks/rest/webhook", json={"message": "在吗"}, timeout=10).status_code == 404
    assert requests.get(f"{address}/conversations/conversation-1/tracker", timeout=10).status_code == 404


def test_a_question_asked_while_the_action_server_is_down_is_answered_when_it_is_back(
    running_system: RunningSystem,
) -> None:
    (server,) = running_system.processes("rasa_sdk")
    os.kill(server, signal.SIGKILL)
    response = ask(running_system, "过户要多少钱")

    assert response.status_code == 200
    (reply,) = response.json()["messages"]
    assert (reply["operation"], reply["aspect"]) == ("transfer_ownership", "fee")
    running_system.wait_until_ready()


def test_a_conversation_goes_on_with_a_question_asked_while_rasa_was_down(running_system: RunningSystem) -> None:
    session = ask(running_system, "过户要多少钱").json()["session"]
    for server in running_system.processes("bot.rasa_server"):
        os.kill(server, signal.SIGKILL)
    follow_up = {"session": session, "text": "那要带什么呢"}
    answer = requests.post(f"{running_system.url}/api/v1/messages", json=follow_up, timeout=90).json()

    assert answer["messages"][0]["operation"] == "transfer_ownership"
    running_system.wait_until_ready()


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_nothing_behind(
    tmp_path_factory: pytest.TempPathFactory, signal_number: signal.Signals
) -> None:
    with serving(tmp_path_factory.mktemp("stopping")) as system:
        children = system.children()
        system.process.send_signal(signal_number)
        assert system.process.wait(30) == 0
        messages = system.messages()

    assert {module for module, _ in children} == {"rasa_sdk", "bot.rasa_server"}
    for _, pid in children:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert messages.splitlines()[-1] == "已停止。"
    assert "Traceback" not in messages


def serve(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, where it is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "serve", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = serve("--port", str(port))

    assert result.returncode == 2
    assert result.stderr == f"无法在 127.0.0.1:{port} 上监听：端口已被占用，请用 --port 换一个端口。\n"


@pytest.mark.parametrize("variable", ["ACCOUNTS_URL", "SESSIONS_URL", "TRACKER_URL"])
def test_a_database_that_cannot_be_used_ends_it_with_a_clear_sentence(tmp_path: Path, variable: str) -> None:
    result = serve("--port", "0", BOT_VAR=str(tmp_path), **{variable: "nosuchdatabase://user:hunter2@host/x"})

    assert result.returncode == 2
    assert "数据库" in result.stderr
    assert "hunter2" not in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.endswith("已停止。\n")
