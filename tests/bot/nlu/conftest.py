from pathlib import Path

import pytest

from bot.nlu.parser import Parser
from bot.training import ensure_model


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """A model that fits the project as it is; trained at most once a run."""
    return ensure_model()


@pytest.fixture(scope="session")
def parser(trained_model) -> Parser:
    return Parser(trained_model)
