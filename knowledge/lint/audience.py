"""Who may read a statement: what an internal document says is for staff, and no individual is asked for a unit's papers."""

from collections.abc import Iterator

from knowledge.lint.walk import entries, scoped
from knowledge.model import RuleBase
from knowledge.yaml_source import Problem


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Statements that the wrong people would see."""
    documents = rules.documents
    for entry in entries(rules):
        for scope, statement in scoped(entry):
            internal = next((c for c in statement.citations if documents.by_title[c.document].internal), None)
            if internal and statement.audience != "staff":
                reason = f"《{internal.document}》是内部文件，引用它的要写“audience: staff”"
                yield Problem(entry.path, statement.line, reason)
            if scope != "organization":
                for paper in documents.terms.organization_only:
                    if paper in statement.text:
                        yield Problem(entry.path, statement.line, f"“{paper}”只属于单位，不能出现在给个人的答复里")
