"""The option that names the owner's copy of the rule documents; what is not given comes from `RULE_SOURCES`."""

import argparse
from pathlib import Path

from actions.settings import settings
from bot.errors import UsageError


def add_sources(parser: argparse.ArgumentParser, purpose: str) -> None:
    """Declares `--sources`; `purpose` ends its line of help."""
    parser.add_argument("--sources", type=Path, metavar="DIR", help=f"规则原文所在的目录或文件，{purpose}")


def existing(given: Path | None) -> Path | None:
    """The copy to use; None where nobody named one.

    Raises `UsageError` where it is not there.
    """
    sources = given or settings().rule_sources
    if sources and not sources.exists():
        raise UsageError(f"--sources 的“{sources}”不存在。")
    return sources
