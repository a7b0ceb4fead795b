"""Puts the modules of the help widget together into one: no tool but Python is needed to serve it.

A module may import names (`import { a, b } from "./other.js"`) and style sheets (`import css from "./style.css"`, a
string); names at the top of a module must differ from those of all others, since they end up side by side.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import rjsmin

_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\}|(\w+)) from "\./([\w.-]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
_DECLARED: Final = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


class BundleError(Exception):
    """The modules cannot be put together."""


@dataclass(slots=True)
class _Bundle:
    parts: list[str] = field(default_factory=list)
    done: set[Path] = field(default_factory=set)
    open: list[Path] = field(default_factory=list)
    names: dict[str, Path] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        if path in self.open:
            raise BundleError(f"{path.name} imports itself by way of {self.open[-1].name}")
        if path in self.done:
            return
        self.open.append(path)
        source = path.read_text(encoding="utf-8")
        for names, sheet, file in _IMPORT.findall(source):
            self._import(path.parent / file, names, sheet)
        body = _EXPORT.sub("", _IMPORT.sub("", source))
        if left := re.search(r"^(?:import|export)\b.*", body, re.MULTILINE):
            raise BundleError(f"{path.name}: this form is not understood: {left.group()}")
        for name in _DECLARED.findall(source):
            self._declare(name, path)
        self.parts.append(body)
        self.open.pop()
        self.done.add(path)

    def _import(self, path: Path, names: str, sheet: str) -> None:
        if sheet:
            self._declare(sheet, path)
            css = minify_css(path.read_text(encoding="utf-8"))
            self.parts.append(f"const {sheet} = {json.dumps(css, ensure_ascii=False)};\n")
            return
        self.add(path)
        for name in filter(None, (name.strip() for name in names.split(","))):
            if self.names.get(name) != path:
                raise BundleError(f"{path.name} has no {name}")

    def _declare(self, name: str, path: Path) -> None:
        former = self.names.setdefault(name, path)
        if former != path:
            raise BundleError(f"{name} is declared by {former.name} and by {path.name}")


def bundle(entry: Path) -> str:
    """One minified module out of `entry` and everything that it imports; raises `BundleError`."""
    made = _Bundle()
    made.add(entry)
    return str(rjsmin.jsmin("".join(made.parts)))


def minify_css(source: str) -> str:
    """A style sheet without comments and needless spaces. Spaces that mean something (`a :hover`, `1px + 2px`) stay."""
    text = re.sub(r"\s+", " ", _COMMENT.sub("", source))
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    return re.sub(r": ", ":", text).replace(";}", "}").strip()
