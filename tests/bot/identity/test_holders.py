"""Whether a bound number is still its customer's, as the accounts say; every look is put on record."""

import json

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main
from bot.identity.holders import still_held


@pytest.fixture(autouse=True)
def accounts(tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.delenv("ACCOUNTS_URL", raising=False)
    settings.cache_clear()
    assert main(["accounts", "import", str(ROOT / "data" / "demo" / "accounts.jsonl")]) == 0
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("number", "customer", "held"),
    [
        ("18600010101", "G1001", True),
        ("18600010102", "G1001", True),
        ("18600010101", "G2002", False),
        ("18600010108", "G1001", False),  # cancelled
        ("13900009999", "G1001", False),
    ],
)
def test_a_number_is_held_by_its_present_customer_while_it_is_in_use(number, customer, held):
    assert still_held(number, customer) is held


def test_accounts_that_cannot_be_read_say_nothing(monkeypatch):
    monkeypatch.setenv("ACCOUNTS_URL", "postgresql+psycopg2://nobody@127.0.0.1:9/none")
    settings.cache_clear()
    assert still_held("18600010101", "G1001") is None


def test_the_look_is_on_record_with_its_purpose_and_without_the_number(capsys):
    still_held("18600010101", "G1001")
    capsys.readouterr()
    assert main(["audit", "show", "--json"]) == 0
    [look] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert look["purpose"] == "核对绑定的号码是否仍为本人所有"
    assert "18600010101" not in json.dumps(look)
