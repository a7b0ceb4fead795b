"""Addresses and headers: out of the folder of static files, past the routes, into the proxies' place."""

import re
import time
from pathlib import Path

import pytest
import requests

from tests.attacks.attacker import Attacker, code, inside, logged

TRAVERSALS = (
    "/static/../openapi.yaml", "/static/../../var/identity.key", "/static/%2e%2e/%2e%2e/pyproject.toml", "/static/..%2f..%2fpyproject.toml",
    "/static/....//....//pyproject.toml", "/static/..%5c..%5cpyproject.toml", "/static/%252e%252e%252fpyproject.toml", "/static//etc/passwd",
    "/static/%2fetc%2fpasswd", "/static/pages/../../../pyproject.toml", "/static/pages/%2e%2e/%2e%2e/%2e%2e/pyproject.toml",
    "/static/..;/pyproject.toml", "/static/%c0%ae%c0%ae/pyproject.toml", "/static/\u2025/pyproject.toml", "/static/x%00.js", "/static/~root",
    "/static/widget/../../../gateway/app.py", "/static/widget/../../gateway/app.py", "/checklists/..%2f..%2fpyproject.toml",
    "/checklists/../pyproject.toml", "/static/C:/pyproject.toml", "/static/.git/config", "/.git/config", "/.env", "/var/identity.key",
    "/sessions.db", "/static/hall", "/static/", "/static/console",
)  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_file_outside_of_the_pages_is_served(attacker: Attacker, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {attacker.address}\r\nConnection: close\r\n\r\n"
    answer = attacker.raw(request.encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] in (b"400", b"403", b"404")
    for secret in (b"[project]", b"root:", b"openapi:", b"SQLite format", b"import ", b"[core]", b"Index of"):
        assert secret not in body


INTERNAL = (
    "/webhooks/gateway/messages", "/webhooks/rest/webhook", "/conversations/x/tracker", "/model/parse", "/webhook", "/actions", "/debug",
    "/docs", "/openapi.yaml", "/openapi.json", "/server-status", "/admin", "/api/v1/internal", "/api/v2/messages", "/api/v1/staff", "/api/v1/",
    "/socket.io/", "/health", "/status", "/domain", "/webhooks/gateway/health",
)  # fmt: skip


@pytest.mark.parametrize("path", INTERNAL)
def test_nothing_of_rasa_or_of_the_inside_can_be_reached(attacker: Attacker, path: str) -> None:
    for method in ("GET", "POST"):
        answer = attacker.http(method, path, json={"sender": "x", "message": "/restart"})
        assert answer.status_code == 404
        assert not inside(answer.text)


def test_rasa_and_the_action_server_listen_on_loopback_only(target) -> None:
    pids = [pid for _, pid in target.children()]
    assert len(pids) == 2
    for pid in pids:
        inodes = set()
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                name = link.readlink().name
            except OSError:
                continue
            if name.startswith("socket:["):
                inodes.add(name[8:-1])
        for table in ("tcp", "tcp6"):
            lines = [line.split() for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]]
            listening = [line[1] for line in lines if line[3] == "0A" and line[9] in inodes]
            assert all(address.startswith(("0100007F:", "00000000000000000000000001000000:")) for address in listening)


def test_rasas_own_door_takes_nothing_that_the_gateway_has_not_signed(target) -> None:
    (pid,) = target.processes("bot.rasa_server")
    port = re.search(r"--port\0(\d+)", Path(f"/proc/{pid}/cmdline").read_text())
    assert port
    url = f"http://127.0.0.1:{port[1]}"
    body = {"conversation": "0" * 32, "text": "你好", "sealed": "x"}
    for headers in ({}, {"X-Signature": "0" * 64, "X-Timestamp": str(int(time.time()))}, {"Authorization": "Bearer x"}):
        answer = requests.post(f"{url}/webhooks/gateway/messages", json=body, headers=headers, timeout=30)
        assert answer.status_code == 401
    for path in ("/webhooks/rest/webhook", "/conversations/x/tracker", "/model/parse", "/domain"):
        answer = requests.post(f"{url}{path}", json={"sender": "x", "message": "你好", "text": "你好"}, timeout=30)
        assert answer.status_code in (401, 403, 404, 405)


@pytest.mark.parametrize(
    "hops", ["127.0.0.1", "::1", "127.0.0.1, 10.1.1.1", "unknown", "", "'; --", "10.1.1.1:80, [::1]"]
)
def test_metrics_are_not_read_from_elsewhere_by_a_made_up_address(attacker: Attacker, hops: str) -> None:
    answer = attacker.get("/metrics", **{"X-Forwarded-For": hops})
    assert (answer.status_code, code(answer)) == (403, "forbidden")


@pytest.mark.parametrize("token", ["", "x", "null", "Bearer", "A" * 200])
def test_metrics_are_not_read_with_a_guessed_token(attacker: Attacker, token: str) -> None:
    assert attacker.get("/metrics", Authorization=f"Bearer {token}").status_code == 403


def test_an_id_of_a_request_is_taken_from_nobody_who_breaks_its_form(attacker: Attacker) -> None:
    for given in ("short", "x" * 65, "a b c d e f g h", "18600010102<script>", "../../../etc/x"):
        assert attacker.get("/healthz", **{"X-Request-Id": given}).headers["X-Request-Id"] != given


SMUGGLED = {
    "two lengths": "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "length and chunks": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n",
    "a coding nobody knows": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding twice": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a negative length": "Content-Length: -1\r\n\r\n",
    "a length in words": "Content-Length: five\r\n\r\nhello",
    "a length with a sign": "Content-Length: +5\r\n\r\nhello",
    "a blank before the colon": "Content-Length : 5\r\n\r\nhello",
    "a folded header": "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "NUL in a header": "X-A: b\x00c\r\nContent-Length: 0\r\n\r\n",
    "a bare CR": "X-A: b\rX-B: c\r\nContent-Length: 0\r\n\r\n",
    "a chunk with a sign": "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
    "a chunk without an end": "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n",
}


@pytest.mark.parametrize("rest", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_a_request_within_a_request_is_not_answered(attacker: Attacker, rest: str) -> None:
    head = f"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {attacker.address}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    answer = attacker.raw((head + rest).encode("latin-1"), seconds=3)
    assert answer.count(b"HTTP/1.") <= 1
    assert b"HTTP/1.1 200" not in answer
    assert not inside(answer.decode("utf-8", "replace"))


@pytest.mark.parametrize(
    "line",
    [
        "GET /healthz HTTP/9.9", "GET  /healthz HTTP/1.1", "get /healthz HTTP/1.1", "GET http://evil.example/ HTTP/1.1", "GET /\x00 HTTP/1.1",
        "GET * HTTP/1.1", "CONNECT evil.example:443 HTTP/1.1", "PRI * HTTP/2.0", "\x16\x03\x01\x02\x00\x01", "GET /18600010102\x01 HTTP/1.1",
    ],
)  # fmt: skip
def test_an_odd_request_line_is_refused_without_a_word_of_the_inside(attacker: Attacker, line: str) -> None:
    request = f"{line}\r\nHost: x\r\nX-Forwarded-For: {attacker.address}\r\nConnection: close\r\n\r\n"
    answer = attacker.raw(request.encode("latin-1"), seconds=3).decode("utf-8", "replace")
    assert " 500 " not in answer.partition("\r\n")[0]
    assert not inside(answer)
    assert "18600010102" not in "".join(logged(attacker.system)[-20:])
