"""Puts the modules of the help widget together into one: no tool but Python is needed to serve it.

A module may import names (`import { a, b } from "./other.js"`), style sheets (`import css from "./style.css"`, a string)
and words (`import words from "./words.yml"`, then `words.name`: the text takes its place). Names at the top of a module
must differ from those of all others, since they end up side by side.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_letters
from typing import Final

import yaml

_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\}|(\w+)) from "\./([\w.-]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
_DECLARED: Final = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_SHORTENED: Final = re.compile(r"--(?!rule-assistant)[\w-]+")
_JAVASCRIPT: Final = "text/javascript"
_CSS: Final = "text/css"


class BundleError(Exception):
    """The modules cannot be put together."""


@dataclass(slots=True)
class _Bundle:
    language: str
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
        body = _EXPORT.sub("", _IMPORT.sub("", source))
        for names, name, file in _IMPORT.findall(source):
            imported = path.parent / file
            if not name:
                self._import(imported, names, path)
            elif imported.suffix == ".yml":
                body = _put_in(_words(imported, self.language), name, body, path)
            else:
                self._import_sheet(imported, name)
        if left := re.search(r"^(?:import|export)\b.*", body, re.MULTILINE):
            raise BundleError(f"{path.name}: this form is not understood: {left.group()}")
        for name in _DECLARED.findall(source):
            self._declare(name, path)
        self.parts.append(body)
        self.open.pop()
        self.done.add(path)

    def _import(self, path: Path, names: str, importer: Path) -> None:
        self.add(path)
        for name in filter(None, (name.strip() for name in names.split(","))):
            if self.names.get(name) != path:
                raise BundleError(f"{importer.name} imports {name}, but {path.name} has no {name}")

    def _import_sheet(self, path: Path, name: str) -> None:
        self._declare(name, path)
        css = minify_css(path.read_text(encoding="utf-8"))
        self.parts.append(f"const {name} = {json.dumps(css, ensure_ascii=False)};\n")

    def _declare(self, name: str, path: Path) -> None:
        former = self.names.setdefault(name, path)
        if former != path:
            raise BundleError(f"{name} is declared by {former.name} and by {path.name}")


def bundle(entry: Path, language: str = "zh-CN") -> str:
    """One minified module out of `entry` and everything that it imports.

    Args:
        entry: the module to begin with.
        language: the column of the words, as their first row `language` names them.

    Raises:
        BundleError: the modules do not fit together, or one of them is not JavaScript.
    """
    made = _Bundle(language)
    made.add(entry)
    # Within a function nothing is seen from outside, so that every name may be shortened.
    return _minified(_JAVASCRIPT, "(()=>{" + "".join(made.parts) + "})()")


def _words(path: Path, language: str) -> dict[str, str]:
    table: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if language not in table["language"]:
        raise BundleError(f"{path.name} has no words in {language}")
    column = table["language"].index(language)
    return {name: texts[column] for name, texts in table.items()}


def _put_in(words: Mapping[str, str], table: str, body: str, path: Path) -> str:
    def text(found: re.Match[str]) -> str:
        if found[1] not in words:
            raise BundleError(f"{path.name}: there are no words {found[0]}")
        return json.dumps(words[found[1]], ensure_ascii=False)

    body = re.sub(rf"\b{table}\.(\w+)", text, body)
    if re.search(rf"\b{table}\b(?=\[)", body):
        raise BundleError(f"{path.name}: {table} stand by their names, as in {table}.name")
    return body


def minify_css(source: str) -> str:
    """A style sheet without comments and needless spaces, its own custom properties with names of one letter."""
    css = _minified(_CSS, source)
    letters: dict[str, str] = {}
    for name, _ in Counter(_SHORTENED.findall(css)).most_common(len(ascii_letters)):
        letters[name] = f"--{ascii_letters[len(letters)]}"
    return _SHORTENED.sub(lambda found: letters.get(found[0], found[0]), css)


def _minified(kind: str, source: str) -> str:
    # Needed only where the widget is served: 7 MB of Go.
    from minify import MinifyError, string

    try:
        return str(string(kind, source))
    except MinifyError as error:
        raise BundleError(str(error)) from error
