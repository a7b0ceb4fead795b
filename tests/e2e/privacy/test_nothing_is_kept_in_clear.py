"""What people type of themselves stands in no file behind the gateway: tracker, slots, logs, audit."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from actions.identity import Identity
from tests.e2e.talk import TalkAs
from tests.system import RunningSystem

NUMBER, ANOTHER, FOREIGN = "18600010102", "18600010103", "18612340102"
HANDLER = Identity(role="customer", numbers=(NUMBER, ANOTHER), customer="G1001", name="龚建业", handler=True)
SAID = (
    f"{NUMBER}现在能换号吗",
    "186 0001 0102 能销户吗",
    "一八六零零零一零一零三能换号吗",
    f"{NUMBER}和{FOREIGN}现在能换号吗",
    "我叫欧阳小峰,服务密码739154,补卡要带什么",
    "机主樊梓涵的身份证11010519491231002X,卡号6222021001116245702",
    "我住在合肥市蜀山区梧桐西路392号,宽带断了怎么报修",
    "我们公司哪些号码能换号",
)
CLEAR = (
    NUMBER, ANOTHER, FOREIGN, "0001 0102", "零零零一零一零三", "龚建业", "欧阳小峰", "739154", "樊梓涵", "11010519491231002",
    "6222021001116245702", "梧桐西路",
)  # fmt: skip
# The demo accounts themselves, and who is signed in: both are what the gateway and the actions look things up in.
SOURCES = ("accounts.db", "sessions.db")


def test_nothing_that_was_typed_or_answered_is_kept_in_clear(running_system: RunningSystem, talk_as: TalkAs) -> None:
    talk = talk_as(HANDLER)
    replies = [talk.say(text) for text in SAID]
    assert replies[0]["verdict"]["number"] == "186****0102"
    assert replies[2]["verdict"]["number"] == "186****0103"
    assert "G1001" in replies[-1]["text"]

    kept = [path for path in running_system.var.rglob("*") if path.is_file() and not path.name.startswith(SOURCES)]
    assert any(path.name.startswith("tracker.db") for path in kept)
    found = [(path.name, words) for path in kept for words in CLEAR if stands_in(path, words)]
    assert not found
    with closing(sqlite3.connect(running_system.var / "tracker.db")) as tracker:
        answers = [json.loads(row[0]) for row in tracker.execute("SELECT data FROM events WHERE type_name = 'bot'")]
    assert len(answers) >= len(SAID)
    assert all(answer["data"]["custom"].keys() == {"sealed"} and not answer["text"] for answer in answers)


def stands_in(path: Path, words: str) -> bool:
    """Whether a file holds words, as they are or as JSON writes them."""
    content = path.read_bytes()
    escaped = words.encode("unicode_escape")
    return words.encode() in content or escaped in content or escaped.replace(b"\\", b"\\\\") in content


def test_two_numbers_that_look_alike_are_told_apart(talk_as: TalkAs) -> None:
    reply = talk_as(Identity(role="staff", name="李")).say(f"{NUMBER}和{FOREIGN}现在能换号吗")
    assert "没有找到号码 186****0102" in reply["text"]
    assert "186****0102 还不能办理改号" in reply["text"]


def test_a_masked_number_that_is_typed_is_no_number_to_look_at(talk_as: TalkAs) -> None:
    reply = talk_as(Identity(role="staff", name="李")).say("186****0102现在能换号吗")
    assert reply["verdict"] is None
    own = talk_as(Identity(role="customer", numbers=(NUMBER, ANOTHER), customer="G1001"))
    assert own.say("186****0102现在能换号吗")["verdict"]["status"] == "blocked"
