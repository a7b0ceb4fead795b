"""Reads a mapping file. One that is not sound is refused as a whole, with every problem, its line and its field."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from actions.accounts.billing.fact_reader import FactReader, Places
from actions.accounts.billing.mapping import NUMBER, FactMapping, Limits, NotFound, Request, SourceMapping
from actions.accounts.billing.places import Marker
from actions.accounts.errors import SourceFileProblems
from actions.accounts.freshness import read_age
from knowledge.facts import FactSpec
from knowledge.reading import FileReader
from knowledge.yaml_source import Mapping as YamlMapping
from knowledge.yaml_source import Problem

Secret = Callable[[str], str]
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_HEADER = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
# Set by the connection itself, or secrets that belong under auth.
_OTHERS_HEADERS: Final = {"host", "content-length", "authorization", "cookie", "proxy-authorization"}
_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "each_seconds": (0.01, 60),
    "total_seconds": (0.01, 120),
    "attempts": (1, 10),
    "wait_seconds": (0.001, 10),
    "failures": (1, 1000),
    "pause_seconds": (0.01, 3600),
    "max_bytes": (100, 10_000_000),
}
_WHOLE: Final = ("attempts", "failures", "max_bytes")


def read_mapping(path: Path, facts: Mapping[str, FactSpec], secret: Secret) -> SourceMapping:
    """The mapping in a file.

    Args:
        path: the file.
        facts: the declared facts; no others can be mapped.
        secret: gives the secret of a name, and raises `SettingsError` where it is not set.

    Raises `SourceFileProblems`.
    """
    problems: list[Problem] = []
    mapping = _MappingReader(path, problems, facts, secret).read()
    if mapping is None or problems:
        raise SourceFileProblems(sorted(problems, key=lambda problem: problem.line))
    return mapping


class _MappingReader:
    def __init__(self, path: Path, problems: list[Problem], facts: Mapping[str, FactSpec], secret: Secret) -> None:
        self.file = FileReader(path, problems)
        self.places = Places(self.file)
        self.facts = facts
        self.secret = secret

    def read(self) -> SourceMapping | None:
        root = self.file.root()
        if root is None:
            return None
        self.file.check_keys(root, ("name", "request", "answer", "facts"), ("limits",))
        request = self._request(self._part(root, "request"))
        answer = self._part(root, "answer")
        self.file.check_keys(answer, ("number",), ("success", "not_found", "as_of", "max_age", "customer"))
        customer = self._part(answer, "customer")
        self.file.check_keys(customer, (), ("id", "name"))
        as_of = self.places.stamp(answer, "as_of")
        facts = self._facts(
            self._part(root, "facts"), FactReader(self.file, as_of, read_age(self.file, answer, "max_age"))
        )
        number = self.places.place(answer, "number")
        if request is None or number is None:
            return None
        return SourceMapping(
            name=self.file.text(root, "name"),
            request=request,
            limits=self._limits(self._part(root, "limits")),
            number=number,
            success=self._marker(answer, "success"),
            not_found=self._not_found(answer),
            as_of=as_of,
            customer_id=self.places.place(customer, "id"),
            customer_name=self.places.place(customer, "name"),
            facts=facts,
        )

    def _part(self, node: YamlMapping, key: str) -> YamlMapping:
        """A part of the file; an empty one where it is absent or (with a problem) not made of keys."""
        part = self.file.mapping(node[key], node.line_of(key), f"“{key}”") if key in node else None
        if part is None:
            part = YamlMapping()
            part.line, part.key_lines = node.line_of(key), {}
        return part

    # -- the request

    def _request(self, node: YamlMapping) -> Request | None:
        optional = ("method", "body", "repeatable", "headers", "auth", "ca", "plain_http")
        self.file.check_keys(node, ("url",), optional)
        method = self.file.choice(node, "method", ("GET", "POST"), "GET")
        body = self._part(node, "body") if "body" in node else None
        if body is not None and method == "GET":
            self.file.note(node.line_of("body"), "“body”：GET 请求没有正文，要发正文请写 method: POST")
        url = self._url(node)
        if url and NUMBER not in url and NUMBER not in str(body or ""):
            self.file.note(node.line_of("url"), f"“url”和“body”里都没有 {NUMBER}，不知道查哪个号码")
        # What POST does is known to the operator only.
        repeatable = self._flag(node, "repeatable", method == "GET")
        headers = self._headers(node)
        ca = self.file.path.parent / self.file.text(node, "ca") if "ca" in node else None
        if ca is not None and not ca.is_file():
            self.file.note(node.line_of("ca"), f"“ca”：没有证书文件 {ca}")
        return Request(url, "POST" if method == "POST" else "GET", body, repeatable, headers, ca) if url else None

    def _url(self, node: YamlMapping) -> str:
        url = self.file.text(node, "url")
        plain = self._flag(node, "plain_http", False)
        if not url:
            return ""
        line = node.line_of("url")
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if host is None or parts.scheme not in ("http", "https") or NUMBER in parts.netloc:
            self.file.note(line, f"“url”应当是 https:// 开头的完整地址，主机名里不能有 {NUMBER}")
        elif parts.username or parts.password:
            self.file.note(line, "“url”里不能写用户名和密码，请用 auth")
        elif parts.scheme == "http" and host not in _LOOPBACK and not plain:
            self.file.note(line, "“url”没有加密（http://）：请改用 https://，内网确实没有的写 plain_http: true")
        return url

    def _headers(self, node: YamlMapping) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, value in self._part(node, "headers").items():
            line = self._part(node, "headers").line_of(name)
            if not _HEADER.fullmatch(name) or name.lower() in _OTHERS_HEADERS:
                self.file.note(line, f"“headers”：不能写 {name}；认证信息请用 auth")
            elif not isinstance(value, str) or not value.isascii() or not value.isprintable():
                self.file.note(line, f"“headers”：{name} 的值应是加引号的英文和数字")
            else:
                headers[name] = str(value)
        if "auth" in node:
            headers |= self._auth(self._part(node, "auth"))
        return headers

    def _auth(self, node: YamlMapping) -> dict[str, str]:
        self.file.check_keys(node, ("header", "secret"), ("format",))
        header, name = self.file.text(node, "header"), self.file.text(node, "secret")
        form = self.file.text(node, "format") or "{secret}"
        if not _HEADER.fullmatch(header):
            self.file.note(node.line_of("header"), "“header”应当是请求头的名称，例如 Authorization")
        if "{secret}" not in form or "{" in form.replace("{secret}", ""):
            self.file.note(node.line_of("format"), '“format”里应当有 {secret}，例如 "Bearer {secret}"')
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name, re.ASCII):
            self.file.note(node.line_of("secret"), "“secret”是环境变量 ACCOUNTS_SECRET_… 后面的名称，只用大写字母")
            return {}
        return {header: form.replace("{secret}", self.secret(name))}

    def _limits(self, node: YamlMapping) -> Limits:
        self.file.check_keys(node, (), _LIMITS)
        values: dict[str, Any] = {}
        for key, (least, most) in _LIMITS.items():
            value = node.get(key)
            if value is None:
                continue
            kinds = int if key in _WHOLE else (int, float)
            if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
                self.file.note(node.line_of(key), f"“{key}”应当是 {least:g} 到 {most:g} 之间的数")
            else:
                values[key] = value
        limits = Limits(**values)
        if limits.each_seconds > limits.total_seconds:
            self.file.note(node.line_of("each_seconds"), "“each_seconds”不能比“total_seconds”长")
        return limits

    # -- the answer

    def _marker(self, node: YamlMapping, key: str) -> Marker | None:
        return self.places.marker(self._part(node, key), key) if key in node else None

    def _not_found(self, answer: YamlMapping) -> NotFound | None:
        if "not_found" not in answer:
            return None
        node = self._part(answer, "not_found")
        self.file.check_keys(node, (), ("status", "at", "equals"))
        status = node.get("status")
        if not node or ("status" in node and (type(status) is not int or not 200 <= status <= 599)):
            self.file.note(node.line_of("status"), "“not_found”应写明 status（例如 404），或者 at 和 equals")
            return None
        marker = self.places.marker(node, "not_found", ("status",)) if set(node) != {"status"} else None
        if marker is None and status is not None and 200 <= status < 300:
            self.file.note(node.line_of("status"), "“not_found”：查到号码时也是这个状态，请再写 at 和 equals")
        return NotFound(status, marker)

    def _facts(self, node: YamlMapping, reader: FactReader) -> tuple[FactMapping, ...]:
        if not node:
            self.file.note(node.line, "“facts”里至少要有一项")
        facts: list[FactMapping | None] = []
        for name, content in node.items():
            line = node.line_of(name)
            if name not in self.facts:
                self.file.note(line, f"“{name}”不是规则库里的事实；可以写的是：{'、'.join(self.facts)}")
            elif (content := self.file.mapping(content, line, f"“{name}”")) is not None:
                facts.append(reader.read(self.facts[name], content))
        return tuple(filter(None, facts))

    def _flag(self, node: YamlMapping, key: str, default: bool) -> bool:
        value = node.get(key, default)
        if not isinstance(value, bool):
            self.file.note(node.line_of(key), f"“{key}”应当是 true 或 false")
            return default
        return value
