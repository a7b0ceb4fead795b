"""A billing system of an operator, in its own vocabulary (`billing.yml` maps it), with faults that can be switched on.

It is a real HTTP server on loopback. It knows the truth about every account, so that tests can compare.
"""

import asyncio
import gzip
import json
import random
import re
import ssl
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from aiohttp import web

from actions.accounts.waiting import wait_for
from actions.settings import TIME_ZONE
from knowledge.facts import NONE, Value

Fault = Literal[
    # no usable answer
    "slow",
    "error_500",
    "busy",
    "forbidden",
    "dropped",
    "dropped_midway",
    "truncated",
    "html",
    "huge",
    "redirect",
    "compressed",
    "failure_code",
    "repeated_key",
    # an answer that is wrong in parts
    "wrong_types",
    "wrong_number",
    "no_number",
    "stale",
    "very_stale",
    "no_stamp",
    "future_stamp",
    "missing_fields",
    "nulls",
    "absurd",
    "foreign_words",
    "contradictory",
]
NO_ANSWER: tuple[Fault, ...] = Fault.__args__[:13]  # type: ignore[attr-defined]
PARTLY_WRONG: tuple[Fault, ...] = Fault.__args__[13:]  # type: ignore[attr-defined]
_LYING = ("error_500", "busy", "forbidden", "truncated", "huge", "redirect", "compressed", "failure_code")
SECRET = "s3cret-of-the-billing-system"
MAPPING = Path(__file__).with_name("billing.yml")
# Facts that may be a day old; the others may be a quarter of an hour old (`billing.yml`).
LASTING = ("subsidy_agreement_end", "plan_agreement_end", "special_number_agreement_end")
_WORDS: dict[str, dict[Value, Any]] = {
    "ownership": {"organization": "1", "individual": "2"},
    "service": {"mobile": "GSM", "fixed": "PSTN", "broadband": "ADSL", "leased_line": "DDN"},
    "payment": {"postpaid": 1, "prepaid": 2},
    "status": {"active": "A", "suspended": "S", "lost": "L", "barred": "B", "cancelled": "C"},
    "lifecycle": {NONE: "0", "inactive": "1", "valid": "2", "recharge": "3", "locked": "4", "expired": "5"},
    "relocated": {NONE: "-", "new": "N", "old": "O"},
    "prepayment_kind": {NONE: "0", "ordinary": "1", "special_number": "2"},
}
Truth = Mapping[str, Value]


class BillingSystem:
    """The simulated system.

    Args:
        truth: the true facts of every number.
        slow_seconds: how long a slow answer takes.
        randomness: decides which parts of an answer are wrong.
    """

    def __init__(
        self, truth: Mapping[str, Truth], *, slow_seconds: float = 0.2, randomness: random.Random | None = None
    ) -> None:
        self.truth = truth
        self.url = ""
        self.requests: list[web.BaseRequest] = []
        self.bodies: list[Any] = []
        self.counts: Counter[str] = Counter()
        # For every request, or one each for the next requests.
        self.fault: Fault | None = None
        self.next_faults: deque[Fault | None] = deque()
        self.choose_fault: Callable[[], Fault | None] | None = None
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        # Slow answers wait for this where it is given.
        self.hold: asyncio.Event | None = None
        # A whole answer in place of the true one.
        self.change: Callable[[dict[str, Any]], None] | None = None
        self._slow = slow_seconds
        self._random = randomness or random.Random(1)

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["BillingSystem"]:
        """Serves on a free port of loopback, with TLS where that is given."""
        server = web.Server(self._serve, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"{'https' if tls else 'http'}://{host}:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()

    @contextmanager
    def served(self) -> Iterator["BillingSystem"]:
        """The same for tests that are no coroutines: it serves beside them, on the loop of the account sources."""
        server = self.running()
        wait_for(server.__aenter__())
        try:
            yield self
        finally:
            wait_for(server.__aexit__(None, None, None))

    def write_mapping(self, folder: Path, **limits: float) -> Path:
        """A mapping file that points here; `limits` replace those of the file."""
        text = MAPPING.read_text(encoding="utf-8").replace("@URL@", self.url)
        before, _, rest = text.partition("limits: {")
        declared, _, after = rest.partition("}")
        pairs = dict(pair.split(": ") for pair in declared.split(", ")) | {k: str(v) for k, v in limits.items()}
        path = folder / "billing.yml"
        text = f"{before}limits: {{{', '.join(f'{key}: {value}' for key, value in pairs.items())}}}{after}"
        path.write_text(text, encoding="utf-8")
        return path

    # -- answers

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        number = request.path.rpartition("/")[2]
        if request.method == "POST":
            self.bodies.append(await request.json())
            number = self.bodies[-1]["query"]["number"]
        fault = self._fault()
        self.counts[fault or "none"] += 1
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            return web.json_response({"code": "AUTH"}, status=401)
        if fault == "slow":
            await (self.hold.wait() if self.hold else asyncio.sleep(self._slow))
        if number not in self.truth and fault in (None, "slow"):
            return web.json_response({"code": "NO_SUCH_NUMBER"}, status=404)
        document = self._document(number, fault)
        if self.change:
            self.change(document)
        return await self._sent(request, fault, document)

    def _fault(self) -> Fault | None:
        if self.next_faults:
            return self.next_faults.popleft()
        return self.choose_fault() if self.choose_fault else self.fault

    async def _sent(
        self, request: web.BaseRequest, fault: Fault | None, document: dict[str, Any]
    ) -> web.StreamResponse:
        text = json.dumps(document, ensure_ascii=False)
        match fault:
            case "error_500" | "busy" | "forbidden":
                return web.Response(text=text, status={"error_500": 500, "busy": 429, "forbidden": 403}[fault])
            case "dropped":
                self._cut(request)
            case "dropped_midway":
                response = web.StreamResponse(headers={"Content-Length": str(len(text.encode()))})
                await response.prepare(request)
                await response.write(text.encode()[: len(text) // 2])
                self._cut(request)
                return response
            case "truncated":
                text = text[: self._random.randrange(1, len(text) - 1)]
            case "html":
                text = "<html><body>系统维护中</body></html>"
            case "huge":
                text = text[:-1] + ', "padding": "' + "x" * 50_000 + '"}'
            case "redirect":
                return web.Response(status=302, headers={"Location": f"{self.url}/v1/subscribers/elsewhere"}, text=text)
            case "compressed":
                return web.Response(body=gzip.compress(text.encode()), headers={"Content-Encoding": "gzip"})
            case "failure_code":
                text = json.dumps({**document, "code": "1"}, ensure_ascii=False)
            case "repeated_key":
                number = document["data"]["msisdn"]
                again = self.render(number, self._other_values(number), self.now())
                text = text[:-1] + ', "data": ' + json.dumps(again["data"], ensure_ascii=False) + "}"
        return web.Response(text=text, content_type="application/json")

    @staticmethod
    def _cut(request: web.BaseRequest) -> None:
        if request.transport is not None:
            request.transport.abort()

    def _document(self, number: str, fault: Fault | None) -> dict[str, Any]:
        now, values = self.now(), self.truth.get(number, {})
        if fault in _LYING:
            # Even what is no usable answer may bring data along: it is not to be believed.
            values = self._other_values(number)
        match fault:
            case "wrong_number":
                return self._other(number)
            case "stale":
                # What may be a day old has not changed in the two hours.
                other = self._other_values(number)
                mixed = {**{k: v for k, v in other.items() if k not in LASTING}, **_only(values, LASTING)}
                return self.render(number, mixed, now - timedelta(hours=2))
            case "very_stale":
                return self.render(number, self._other_values(number), now - timedelta(days=3))
            case "future_stamp":
                return self.render(number, self._other_values(number), now + timedelta(hours=1))
            case "no_stamp":
                document = self.render(number, self._other_values(number), now)
                document["data"]["asOf"] = self._random.choice([None, "", "昨天", 1_700_000_000, "2026-11-27 08:00:00"])
                return document
            case "no_number":
                document = self.render(number, self._other_values(number), now)
                document["data"]["msisdn"] = self._random.choice([None, "", [number], f"{number} ", True])
                return document
        document = self.render(number, values, now)
        if fault in ("wrong_types", "missing_fields", "nulls", "absurd", "foreign_words"):
            self._spoil(document["data"], fault)
        if fault == "contradictory":
            document["data"]["special"] = {"has": False, "until": "2031-01-01"}
        return document

    def _spoil(self, data: dict[str, Any], fault: Fault) -> None:
        places = [place for place in _leaves(data) if place[-1] not in ("msisdn", "asOf")]
        for place in self._random.sample(places, self._random.randint(1, len(places) // 2)):
            parent: Any = data
            for step in place[:-1]:
                parent = parent[step]
            value = parent[place[-1]]
            if fault == "missing_fields":
                del parent[place[-1]]
            elif fault == "nulls":
                parent[place[-1]] = None
            elif fault == "wrong_types":
                parent[place[-1]] = self._random.choice(_of_other_type(value))
            elif fault == "absurd":
                parent[place[-1]] = self._random.choice(_absurd(value))
            elif isinstance(value, str):
                parent[place[-1]] = self._random.choice(["?", "", "NULL", "none", value + " "])

    def _other(self, number: str) -> dict[str, Any]:
        other = self._random.choice([one for one in self.truth if one != number] or ["18600000000"])
        return self.render(other, self.truth.get(other, {}), self.now())

    def _other_values(self, number: str) -> Truth:
        return self.truth[self._random.choice([one for one in self.truth if one != number] or [number])]

    def render(self, number: str, values: Truth, stamp: datetime) -> dict[str, Any]:
        """The answer in the words of this system; what is not known is null."""

        def word(name: str) -> Any:
            return _WORDS[name].get(values[name]) if name in values else None

        def letter(name: str) -> str | None:
            return None if name not in values else "Y" if values[name] else "N"

        def money(name: str, parts: int) -> int | None:
            return int(Decimal(str(values[name])) * parts) if name in values else None

        def text(name: str) -> str | None:
            return str(values[name]) if name in values else None

        subsidy, plan = values.get("subsidy_agreement_end"), values.get("plan_agreement_end")
        special, closed = values.get("special_number_agreement_end"), values.get("roaming_closed_on")
        prepaid = values.get("roaming_prepayment")
        campaign = values.get("campaign_restricted")
        agreements: list[dict[str, Any]] | None = [{"type": "OTHER", "end": "20200101"}]
        if isinstance(subsidy, date):
            agreements = [*(agreements or []), {"type": "SUBSIDY", "end": f"{subsidy:%Y%m%d}"}]
        return {
            "code": "0",
            "data": {
                "msisdn": number,
                "asOf": stamp.astimezone(TIME_ZONE).isoformat(timespec="seconds"),
                "customer": {
                    "id": "G1001",
                    "name": "源创三象科技有限公司",
                    "type": word("ownership"),
                    "black": letter("blacklisted"),
                    "key": letter("key_person"),
                },
                "kind": word("service"),
                "pay": word("payment"),
                "state": word("status"),
                "stage": word("lifecycle"),
                "fee": {
                    "owe": money("arrears", 100),
                    "balance": text("balance"),
                    "refundable": money("refundable", 1000),
                },
                "points": values.get("points"),
                "relocated": word("relocated"),
                "restricted": {
                    "campaign": None if campaign is None else int(bool(campaign)),
                    "special": values.get("special_number_restricted"),
                },
                "agreements": None if subsidy is None else agreements,
                "planEnd": "00000000000000" if plan == NONE else f"{plan:%Y%m%d}235959" if plan else None,
                "special": {
                    "has": None if special is None else special != NONE,
                    "until": (special + timedelta(1)).isoformat() if isinstance(special, date) else "",
                },
                "terms": values.get("special_terms"),
                "prepayment": word("prepayment_kind"),
                "roaming": {
                    "on": values.get("roaming"),
                    "prepaid": float(str(prepaid)) if prepaid is not None else None,
                    "closedAt": _milliseconds(closed) if isinstance(closed, date) else 0 if closed == NONE else None,
                },
                "usedGb": text("data_used_gb"),
                "member": letter("signed_member"),
            },
        }


def _only(values: Truth, names: tuple[str, ...]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in names}


def _milliseconds(day: date) -> int:
    return int(datetime.combine(day, time(12), TIME_ZONE).timestamp() * 1000)


def _leaves(node: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all values that can be spoilt on their own; what is null already says nothing."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [leaf for key, child in pairs for leaf in _leaves(child, (*place, key))]
    return found or ([place] if place and not isinstance(node, dict | list) and node is not None else [])


def _of_other_type(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [str(value).lower(), int(value), [value], {}]
    if isinstance(value, int | float):
        return [str(value), [value], {"value": value}, bool(value), value + 0.001]
    return [[value], {"value": value}, True, False, 0, 20271231]


def _absurd(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return ["Y", 2, "不详"]
    if isinstance(value, int | float):
        return [-1, -(10**9) - 1, 10**18, 10**300, 0.0001]
    if re.fullmatch(r"-?[\d.]+", value) and "." in value:
        return ["-1e5", "1e5", "٣", "1,000.00", "99999999999999.00", "0.0001"]
    return ["9999-99-99", "99991231", "99991231235959", "00010101", "-1e5", "1e5", "0000-00-00", "2027-02-30", "٣"]
