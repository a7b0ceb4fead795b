"""What a conversation in the terminal shows to whom."""

import pytest

from actions.identity import Identity
from actions.reply import Reply
from bot.commands.chat import _talk

CITED = {"type": "citations", "items": [{"document": "规则", "section": "五(二)", "passage": "原来的话"}]}


class Assistant:
    """Cites a rule where it is asked about one."""

    async def reply(self, conversation, text, identity):
        blocks = [CITED] if text == "销户" else [{"type": "text", "text": "您好。"}]
        return [Reply(decision="answer", blocks=blocks, rules_version="abc").to_json()]


@pytest.fixture
def typed(monkeypatch):
    lines = iter(["你好", "", "销户", "退出"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))


async def test_staff_read_passages_and_version_below_what_is_cited_and_nowhere_else(typed, capsys):
    await _talk(Assistant(), Identity(role="staff", name="李"))
    greeting, answer = capsys.readouterr().out.strip().split("\n\n", 1)
    assert greeting == "您好。"
    assert answer.split() == ["依据：《规则》五(二)", "原文", "《规则》五(二)：", "原来的话", "规则库版本：abc"]


@pytest.mark.parametrize("identity", [None, Identity(role="customer", numbers=("18600010101",))])
async def test_nobody_else_does(typed, capsys, identity):
    await _talk(Assistant(), identity)
    out = capsys.readouterr().out
    assert "依据：《规则》五(二)" in out
    assert "原来的话" not in out
    assert "abc" not in out
