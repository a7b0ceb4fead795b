"""Everything that commands need which talk to the assistant inside their own process."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.embedded import Embedded
    from bot.nlu.parser import Parser


def load_rasa(model: Path) -> None:
    """Imports, without their chatter, the parts of Rasa that the model needs; before anything else imports Rasa."""
    from bot.lean_rasa import import_rasa
    from bot.quiet import quiet

    quiet()
    import_rasa(model)


def load_assistant() -> "Embedded":
    """The assistant with a current model, an accounts database and an audit trail; says on stderr what takes long."""
    from actions.audit.trail import prepare_audit
    from bot.demo_data import prepare_accounts
    from bot.training import ensure_model

    prepare_accounts()
    prepare_audit()
    model = ensure_model()
    print("正在载入模型，大约需要十秒 ……", file=sys.stderr)
    load_rasa(model)
    from bot.embedded import Embedded

    return Embedded.load(model)


def load_parser() -> "Parser":
    """Only the understanding, of a current model."""
    from bot.training import ensure_model

    model = ensure_model()
    load_rasa(model)
    from bot.nlu.parser import Parser

    return Parser(model)
