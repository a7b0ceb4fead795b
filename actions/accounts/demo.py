"""The demo accounts: fictitious numbers, each of which shows one thing."""

import json
from dataclasses import dataclass
from pathlib import Path

from actions.accounts.importer import import_accounts
from actions.settings import settings
from knowledge.facts import load_facts
from knowledge.yaml_source import read_yaml


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One number that people can sign in with, what it shows, what to ask and what to expect."""

    number: str
    title: str
    ask: str
    expect: str
    customer: str
    customer_name: str


def demo_accounts(folder: Path | None = None) -> list[DemoAccount]:
    """The demo accounts in the order in which they are offered; none where the rule pack has none."""
    folder = folder or settings().demo_data
    if not folder.is_dir():
        return []
    records = {}
    with (folder / "accounts.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            records[record["number"]] = record["customer"]
    return [
        DemoAccount(
            number=str(number),
            title=entry["title"],
            ask=entry["ask"],
            expect=entry["expect"],
            customer=records[number]["id"],
            customer_name=records[number]["name"],
        )
        for number, entry in read_yaml(folder / "accounts.yml").items()
    ]


def prepare_demo_accounts(url: str, folder: Path | None = None) -> int:
    """Loads the demo accounts, replacing what became of them, and returns how many; other numbers stay as they are."""
    folder = folder or settings().demo_data
    if not folder.is_dir():
        return 0
    return import_accounts(folder / "accounts.jsonl", url, load_facts(settings().rules / "facts.yml"))
