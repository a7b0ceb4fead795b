"""The owners' sheet of the real rule base, made once."""

from datetime import date

import pytest

from knowledge.model import RuleBase
from knowledge.pages.owners import Made, owners_pages
from tests.knowledge.pages.html import Page, read

DAY = date(2026, 3, 1)
MADE = Made(DAY, DAY)


@pytest.fixture(scope="session")
def sheet(rules: RuleBase) -> dict[str, str]:
    return owners_pages(rules, MADE)


@pytest.fixture(scope="session")
def pages(sheet: dict[str, str]) -> dict[str, Page]:
    return {name: read(content) for name, content in sheet.items() if name.endswith(".html")}
