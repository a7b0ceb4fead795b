"""The XML of callbacks, read without trust, and the XML of replies, from which no text can break out."""

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from bot.wechat.errors import CallbackRefused

MAX_BYTES: Final = 64 * 1024
_ROOT: Final = "xml"
_MAX_DEPTH: Final = 8
_MAX_ELEMENTS: Final = 500
# Everything that XML 1.0 has no place for.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_message(body: bytes) -> dict[str, str]:
    """The elements right below `<xml>`, by name; what stands inside of them in further elements is left out.

    Raises `CallbackRefused` for anything that is no such document, has a DTD, is too big or too deep, or names one of
    these elements twice.
    """
    if len(body) > MAX_BYTES:
        raise CallbackRefused("too big")
    reader = _Reader()
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    try:
        parser.feed(body)
        parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise CallbackRefused(f"XML: {type(error).__name__}") from error
    return reader.fields


class _Reader:
    """What the parser tells element by element; it stops the parser as soon as something is wrong."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._elements = 0
        self._text: list[str] = []

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        self._elements += 1
        if self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise CallbackRefused("too many elements")
        if self._depth == 1 and tag != _ROOT:
            raise CallbackRefused("another root")
        if self._depth == 2:
            if tag in self.fields:
                raise CallbackRefused("an element twice")
            self._text = []

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._depth == 2:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._depth == 2:
            self.fields[tag] = "".join(self._text)
        self._depth -= 1

    def close(self) -> None:
        """The document ends."""


def write_message(fields: Mapping[str, str | int | Mapping[str, Any]]) -> str:
    """A document `<xml>` with these elements; text is CDATA that nothing in it can end, numbers are written as they are."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: str | int | Mapping[str, Any]) -> str:
    if isinstance(value, Mapping):
        return _elements(value)
    return str(value) if isinstance(value, int) else f"<![CDATA[{_text(value)}]]>"


def _text(text: str) -> str:
    return _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>")
