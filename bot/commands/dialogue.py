"""`dialogue`: plays whole dialogues through understanding, rules and actions, without opening a port."""

import argparse
import asyncio
import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actions.identity import Identity, from_metadata
from bot.commands.jsonl import read_objects
from bot.commands.loading import load_assistant
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.embedded import Embedded

_FIELDS = (
    "decision", "operation", "operations", "aspect", "topic", "ownership", "text", "blocks", "choices", "verdict",
    "citations", "rules_version",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the dialogues come from, and as whom they are played where they do not say."""
    parser.add_argument("--file", type=Path, metavar="IN.jsonl", help="对话文件（默认读标准输入）")
    parser.add_argument("--role", choices=["customer", "staff"], default="customer", help="没有写明身份时按谁处理")


def run(args: argparse.Namespace) -> int:
    """One line out for each line in."""
    dialogues = [_checked(where, value) for where, value in read_objects(args.file)]
    assistant = load_assistant()
    default = Identity(role="staff") if args.role == "staff" else None
    asyncio.run(_play_all(assistant, dialogues, default))
    return 0


def _checked(where: str, dialogue: dict[str, Any]) -> dict[str, Any]:
    turns = dialogue.get("turns")
    if not isinstance(turns, list) or not all(isinstance(t, dict) and isinstance(t.get("user"), str) for t in turns):
        raise UsageError(f"{where}：字段 turns 应是列表，每一项是带文字 user 的对象。")
    identity = dialogue.get("identity")
    if identity is not None and (not isinstance(identity, dict) or from_metadata(identity) is None):
        raise UsageError(f"{where}：字段 identity 应为 null，或带 role（customer 或 staff）的对象。")
    return dialogue


async def _play_all(assistant: "Embedded", dialogues: list[dict[str, Any]], default: Identity | None) -> None:
    for dialogue in dialogues:
        result = await _play(assistant, dialogue, default)
        print(json.dumps(result, ensure_ascii=False), flush=True)


async def _play(assistant: "Embedded", dialogue: dict[str, Any], default: Identity | None) -> dict[str, Any]:
    conversation = uuid.uuid4().hex
    identity = from_metadata(dialogue.get("identity")) or default
    turns = []
    for turn in dialogue["turns"]:
        replies = await assistant.reply(conversation, turn["user"], identity)
        turns.append({"user": turn["user"], **{field: replies[-1][field] for field in _FIELDS}})
    return {"id": dialogue.get("id"), "turns": turns}
