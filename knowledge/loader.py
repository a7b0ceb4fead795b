"""Loads the rule base from YAML. A bad file is refused with every problem in it: file, line and reason."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

from knowledge.documents import parse_citation, read_documents
from knowledge.identifiers import AUDIENCES, RULE_ASPECTS, STATUSES, Aspect, Audience, Status
from knowledge.model import (
    GAP,
    AspectRules,
    Citation,
    Documents,
    Operation,
    Rule,
    RuleBase,
    Scope,
    Statement,
    Topic,
)
from knowledge.pack import check_pack, read_pack
from knowledge.reading import FileReader, line_of, read_period, rule_files
from knowledge.supposition_reader import FILE, read_suppositions
from knowledge.wording import read_wording, wording_files
from knowledge.yaml_source import KnowledgeError, Mapping, Problem, Text

_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]*")
_SCOPES: Final[tuple[Scope, ...]] = ("any", "organization", "individual")
_RULE_KEYS: Final = ("status", "cite", "lead", "items", "notes", "audience", "valid")
_ENTRY_KEYS: Final = ("patterns", "shared_aliases", "unanswered")
_BAD_PATTERN: Final = "“patterns”里的“{pattern}”应在两段文字之间有省略号，例如 把…号…注销"
_STATEMENT_KEYS: Final = ("text", "cite", "audience", "valid")
# The parts of a rule base that answers are made of; test cases and what only the lint reads are none of them.
_ANSWERING: Final = (".", "operations", "topics", "eligibility")
# With these statuses the wording of the gap can stand in for a lead of one's own.
_GAPS: Final = ("lost", "not_stated", "refers_to_public_rules")


def load_rules(folder: Path) -> RuleBase:
    """The rule base in `folder`.

    Raises `KnowledgeError` with every problem of every file.
    """
    problems: list[Problem] = []
    pack_reader = FileReader(folder / "pack.yml", problems)
    pack = read_pack(pack_reader)
    documents = read_documents(FileReader(folder / "documents.yml", problems))
    # Without the name of the default document every section would be unknown: one problem is told, not hundreds.
    citable = documents if pack and pack.default_document else None
    wording_readers = [FileReader(path, problems) for path in wording_files(folder)]
    wording = read_wording(wording_readers, pack.contact) if pack else None
    suppositions = read_suppositions(folder, problems)
    operations: dict[str, Operation] = {}
    topics: dict[str, Topic] = {}
    default_document = pack.default_document if pack else ""
    for path in rule_files(folder / "operations"):
        if operation := _EntryLoader(FileReader(path, problems), citable, default_document).operation():
            operations[operation.id] = operation
    for path in rule_files(folder / "topics"):
        if topic := _EntryLoader(FileReader(path, problems), citable, default_document).topic():
            topics[topic.id] = topic
    problems += [
        Problem(topics[name].path, 1, f"编号“{name}”已经用于一项业务") for name in sorted(topics.keys() & operations)
    ]
    if not operations and not problems:
        problems.append(Problem(folder, 0, "这里没有规则库（找不到 operations/*.yml）"))
    for one in suppositions.suppose:
        if one.operation and one.operation not in operations and not problems:
            problems.append(Problem(folder / FILE, 0, f"规则库里没有编号为“{one.operation}”的业务"))
    if pack and not problems:
        # An operation that could not be read would only be missed a second time.
        check_pack(pack_reader, pack, documents, operations)
    if problems or documents is None or wording is None or pack is None:
        raise KnowledgeError(problems)
    return RuleBase(operations, topics, documents, wording, pack, rules_version(folder), folder, suppositions)


def answering_files(folder: Path) -> list[Path]:
    """The files that the rule base in `folder` answers from, the wording it inherits first."""
    inherited = [path for path in wording_files(folder) if path.parent != folder]
    return [*inherited, *(path for part in _ANSWERING for path in rule_files(folder / part))]


def rules_version(folder: Path) -> str:
    """The version of the rule base in `folder`: it changes whenever a file that answers are made of changes."""
    digest = hashlib.sha256()
    for path in answering_files(folder):
        digest.update(str(path.relative_to(folder) if path.is_relative_to(folder) else path.name).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class _EntryLoader:
    """Reads one operation or topic file."""

    def __init__(self, reader: FileReader, documents: Documents | None, default_document: str) -> None:
        self._reader = reader
        self._documents = documents
        self._document = default_document

    def operation(self) -> Operation | None:
        """The operation of this file; None (with problems noted) where it has no usable head."""
        root = self._reader.root()
        if root is None:
            return None
        self._reader.check_keys(root, ("id", "name", "official_name", "section", "aliases"), ("answers", *_ENTRY_KEYS))
        citation = self._place(root)
        aspects: dict[Aspect, AspectRules] = {}
        if "answers" in root:
            answers = self._reader.mapping(root["answers"], root.line_of("answers"), "“answers”") or Mapping()
            self._reader.check_keys(answers, RULE_ASPECTS)
            for aspect in RULE_ASPECTS:
                if aspect in answers and (rules := self._aspect(answers, aspect)):
                    aspects[aspect] = rules
        return Operation(
            id=self._identifier(root),
            name=self._reader.text(root, "name"),
            official_name=self._reader.text(root, "official_name"),
            citation=citation,
            aliases=self._reader.texts(root, "aliases"),
            aspects=aspects,
            path=self._reader.path,
            patterns=self._patterns(root),
            shared_aliases=self._reader.texts(root, "shared_aliases"),
            unanswered=self._reader.text(root, "unanswered"),
        )

    def topic(self) -> Topic | None:
        """The topic of this file; None (with problems noted) where it has no usable head."""
        root = self._reader.root()
        if root is None:
            return None
        self._reader.check_keys(root, ("id", "name", "document", "section", "aliases"), ("answer", *_ENTRY_KEYS))
        self._document = self._reader.text(root, "document")
        citation = self._place(root)
        rules = self._periods(root["answer"], root.line_of("answer"), "“answer”", ()) if "answer" in root else ()
        return Topic(
            id=self._identifier(root),
            name=self._reader.text(root, "name"),
            citation=citation,
            aliases=self._reader.texts(root, "aliases"),
            rules=rules,
            path=self._reader.path,
            patterns=self._patterns(root),
            shared_aliases=self._reader.texts(root, "shared_aliases"),
            unanswered=self._reader.text(root, "unanswered"),
        )

    def _identifier(self, root: Mapping) -> str:
        identifier = self._reader.text(root, "id")
        if "id" in root and not _IDENTIFIER.fullmatch(identifier):
            self._reader.note(root.line_of("id"), f"编号“{identifier}”只能用小写字母、数字和下划线")
        elif "id" in root and identifier != self._reader.path.stem:
            self._reader.note(root.line_of("id"), f"编号“{identifier}”与文件名“{self._reader.path.stem}”不一致")
        return identifier

    def _patterns(self, root: Mapping) -> tuple[str, ...]:
        patterns = self._reader.texts(root, "patterns")
        for pattern in patterns:
            if GAP not in pattern or not all(pattern.split(GAP)):
                self._reader.note(line_of(pattern, root.line_of("patterns")), _BAD_PATTERN.format(pattern=pattern))
        return patterns

    def _place(self, root: Mapping) -> Citation:
        citation = Citation(self._document, self._reader.text(root, "section"))
        if citation.section:
            self._check(citation, root.line_of("section"))
        return citation

    def _check(self, citation: Citation, line: int) -> None:
        if self._documents is not None and (refusal := self._documents.refusal(citation)):
            self._reader.note(line, refusal)

    def _aspect(self, answers: Mapping, aspect: Aspect) -> AspectRules | None:
        what = f"“{aspect}”"
        mapping = self._reader.mapping(answers[aspect], answers.line_of(aspect), what)
        if mapping is None:
            return None
        self._reader.check_keys(mapping, (), (*_SCOPES, "common"))
        if set(mapping) & set(_SCOPES) not in ({"any"}, {"organization", "individual"}):
            self._reader.note(answers.line_of(aspect), f"{what}下面写“any”，或者“organization”和“individual”都写")
            return None
        if "any" in mapping and "common" in mapping:
            self._reader.note(mapping.line_of("common"), "写了“any”就不用再写“common”")
        first = mapping.get("organization")
        first = first[0] if isinstance(first, list) and first else first
        cited = self._citations(first, (), note=False) if isinstance(first, Mapping) else ()
        common = self._statements(mapping, "common", cited, "all")
        by_scope: dict[Scope, tuple[Rule, ...]] = {
            scope: self._periods(
                mapping[scope], mapping.line_of(scope), f"{what}的“{scope}”", common if scope == "organization" else ()
            )
            for scope in _SCOPES
            if scope in mapping
        }
        return AspectRules(by_scope, common, answers.line_of(aspect)) if all(by_scope.values()) else None

    def _periods(self, value: Any, line: int, what: str, common: Sequence[Statement]) -> tuple[Rule, ...]:
        """One rule, or a list of rules for periods that do not overlap."""
        entries = value if isinstance(value, list) else [value]
        rules = [rule for entry in entries if (rule := self._rule(entry, line, what, common))]
        for number, rule in enumerate(rules):
            for earlier in rules[:number]:
                if rule.valid.overlaps(earlier.valid):
                    self._reader.note(rule.line, f"{what}的有效期与第 {earlier.line} 行的重叠")
        return tuple(rules)

    def _rule(self, entry: Any, line: int, what: str, common: Sequence[Statement]) -> Rule | None:
        mapping = self._reader.mapping(entry, line_of(entry, line), what)
        if mapping is None:
            return None
        self._reader.check_keys(mapping, ("status", "cite"), _RULE_KEYS)
        status = cast(Status, self._reader.choice(mapping, "status", STATUSES, "stated"))
        audience = cast(Audience, self._reader.choice(mapping, "audience", AUDIENCES, "all"))
        citations = self._citations(mapping, ())
        lead = (
            self._statement(mapping["lead"], mapping.line_of("lead"), citations, audience)
            if "lead" in mapping
            else None
        )
        if lead is None and "lead" not in mapping and status not in _GAPS and not common:
            self._reader.note(mapping.line, f"{what}要写“lead”（先用一句话回答问题）")
        return Rule(
            status=status,
            citations=citations,
            lead=lead,
            items=self._statements(mapping, "items", citations, audience),
            notes=self._statements(mapping, "notes", citations, audience),
            valid=read_period(self._reader, mapping),
            line=mapping.line,
        )

    def _statements(
        self, mapping: Mapping, key: str, citations: tuple[Citation, ...], audience: Audience
    ) -> tuple[Statement, ...]:
        values = mapping.get(key, [])
        if not isinstance(values, list):
            self._reader.note(mapping.line_of(key), f"“{key}”应当是列表")
            return ()
        made = (self._statement(value, mapping.line_of(key), citations, audience) for value in values)
        return tuple(statement for statement in made if statement)

    def _statement(
        self, value: Any, line: int, citations: tuple[Citation, ...], audience: Audience
    ) -> Statement | None:
        """A plain sentence that inherits citation and audience, or a mapping that says its own."""
        line = line_of(value, line)
        if isinstance(value, str) and value.strip():
            return Statement(str(value), citations, audience, line=line)
        mapping = self._reader.mapping(value, line, "每一条规定（或者一句文字）")
        if mapping is None:
            return None
        self._reader.check_keys(mapping, ("text",), _STATEMENT_KEYS)
        return Statement(
            text=str(self._reader.text(mapping, "text")),
            citations=self._citations(mapping, citations),
            audience=cast(Audience, self._reader.choice(mapping, "audience", AUDIENCES, audience)),
            valid=read_period(self._reader, mapping),
            line=line,
        )

    def _citations(self, mapping: Mapping, inherited: tuple[Citation, ...], note: bool = True) -> tuple[Citation, ...]:
        value = mapping.get("cite")
        if value is None:
            return inherited
        line = mapping.line_of("cite")
        found: list[Citation] = []
        for text in value if isinstance(value, list) else [value]:
            citation = parse_citation(text, self._document) if isinstance(text, str) else None
            if citation is None:
                if note:
                    self._reader.note(line, f"“cite”的“{text}”不对，应写成 五(二) 或《文件名》第二条(二)")
                continue
            if note:
                self._check(citation, line_of(text, line) if isinstance(text, Text) else line)
            found.append(citation)
        return tuple(found)
