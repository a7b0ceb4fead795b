"""The operations that the proofs run over: whatever the rule base covers."""

from pathlib import Path

import pytest

from knowledge.conditions import OperationRules, covered_operations, load_operation

RULES = Path(__file__).resolve().parents[4] / "knowledge"
OPERATIONS = covered_operations(RULES)


@pytest.fixture(scope="session", params=OPERATIONS)
def rules(request: pytest.FixtureRequest) -> OperationRules:
    """The rules of each covered operation in turn."""
    return load_operation(RULES, request.param)
