"""Opens the source of account facts that somebody names: a database, a billing system, or several sources together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast, get_args

from actions.accounts.combined import CombinedSource, Conflict, Member
from actions.accounts.errors import AccountsError, SourceFileProblems
from actions.accounts.freshness import read_age
from actions.accounts.repository import AccountRepository
from actions.accounts.source import AccountSource
from actions.accounts.sql_source import SqlSource
from actions.settings import SettingsError, account_secret, settings
from knowledge.facts import FactSpec, load_facts
from knowledge.reading import FileReader
from knowledge.yaml_source import Mapping as YamlMapping
from knowledge.yaml_source import Problem

_FILES: Final = (".yml", ".yaml")
_OWN_DATABASE: Final = "default"
# A database has no limit of its own.
_DATABASE_SECONDS: Final = 3.0


def open_source(where: str, facts: Mapping[str, FactSpec] | None = None) -> AccountSource:
    """The source at `where`.

    Args:
        where: the SQLAlchemy URL of an accounts database, or the path of a YAML file: the mapping of one billing
            system (it has `request`), or several sources (it has `sources`).
        facts: the declared facts, by default those of the configured rule base.

    Raises `AccountsError` where there is none, or where the file that describes it is not sound.
    """
    facts = load_facts(settings().rules / "facts.yml") if facts is None else facts
    if is_source_file(where):
        return _open_file(Path(where), facts)
    if where.startswith(("http://", "https://")):
        raise AccountsError("HTTP 接口要写一个映射文件（.yml）来接入，地址写在文件里，见 docs/accounts.md。")
    return SqlSource(AccountRepository(where, facts))


def is_source_file(where: str) -> bool:
    """Whether that names a file which describes account sources, and no database."""
    return where.endswith(_FILES)


def _open_file(path: Path, facts: Mapping[str, FactSpec]) -> AccountSource:
    problems: list[Problem] = []
    file = FileReader(path, problems)
    root = file.root()
    if root is None:
        raise SourceFileProblems(problems)
    if "sources" not in root:
        return _open_mapping(path, facts)
    source = _SourcesFile(file, root, facts).open()
    if source is None or problems:
        raise SourceFileProblems(sorted(problems, key=lambda problem: problem.line))
    return source


def _open_mapping(path: Path, facts: Mapping[str, FactSpec]) -> AccountSource:
    # Only now: the HTTP library would slow down the start of every command that has a database.
    from actions.accounts.billing.mapping_file import read_mapping
    from actions.accounts.billing.source import HttpSource

    try:
        return HttpSource(read_mapping(path, facts, account_secret))
    except SettingsError as error:
        raise AccountsError(str(error)) from error


class _SourcesFile:
    """A file that puts several sources together."""

    def __init__(self, file: FileReader, root: YamlMapping, facts: Mapping[str, FactSpec]) -> None:
        self._file = file
        self._root = root
        self._facts = facts

    def open(self) -> CombinedSource | None:
        """The sources; None (with problems) where they cannot be put together."""
        self._file.check_keys(self._root, ("sources", "order", "conflict"), ("facts",))
        conflict = self._file.choice(self._root, "conflict", get_args(Conflict), "unknown")
        nodes = self._file.mapping(self._root["sources"], self._root.line_of("sources"), "“sources”")
        if not nodes:
            return None
        members = {name: self._member(name, nodes) for name in nodes}
        precedence = self._precedence({name: member for name, member in members.items() if member})
        if not all(members.values()):
            return None
        return CombinedSource(cast(dict[str, Member], members), precedence, cast(Conflict, conflict))

    def _member(self, name: str, nodes: YamlMapping) -> Member | None:
        line = nodes.line_of(name)
        node = self._file.mapping(nodes[name], line, f"“{name}”")
        if node is None:
            return None
        self._file.check_keys(node, (), ("mapping", "database", "max_age"))
        if ("mapping" in node) == ("database" in node):
            self._file.note(line, f"“{name}”应写明 mapping（映射文件）或者 database（数据库），只能写一个")
            return None
        max_age = read_age(self._file, node, "max_age")
        try:
            if "mapping" in node:
                path = self._file.path.parent / self._file.text(node, "mapping")
                return Member(_open_mapping(path, self._facts), max_age)
            url = self._file.text(node, "database")
            repository = AccountRepository(settings().accounts_url if url == _OWN_DATABASE else url, self._facts)
            return Member(SqlSource(repository), max_age, _DATABASE_SECONDS)
        except SourceFileProblems as error:
            for problem in error.problems:
                self._file.note(line, f"“{name}”：{problem}")
        except AccountsError as error:
            self._file.note(line, f"“{name}”：{error}")
        return None

    def _precedence(self, members: Mapping[str, Member]) -> dict[str, tuple[str, ...]]:
        """For each fact the sources that may give it, in order; a fact that none of them knows is left out."""
        usual = self._order(self._root, "order", members)
        own = self._root.get("facts", YamlMapping())
        node = self._file.mapping(own, self._root.line_of("facts"), "“facts”") or YamlMapping()
        result: dict[str, tuple[str, ...]] = {}
        for name in self._facts:
            order = self._order(node, name, members) if name in node else usual
            able = tuple(one for one in order if name in members[one].source.facts)
            if name in node and len(able) < len(order):
                without = "、".join(one for one in order if one not in able)
                self._file.note(node.line_of(name), f"“{name}”：{without} 给不出这个事实")
            if able:
                result[name] = able
        for name in node:
            if name not in self._facts:
                self._file.note(node.line_of(name), f"“{name}”不是规则库里的事实")
        return result

    def _order(self, node: YamlMapping, key: str, members: Mapping[str, Member]) -> tuple[str, ...]:
        order: Any = self._file.texts(node, key)
        declared = self._root["sources"]
        for one in order:
            if one not in declared:
                self._file.note(node.line_of(key), f"“{key}”里的“{one}”不在 sources 里")
        if len(set(order)) < len(order):
            self._file.note(node.line_of(key), f"“{key}”里有重复的来源")
        if key in node and not order:
            self._file.note(node.line_of(key), f"“{key}”里至少要有一个来源")
        return tuple(one for one in order if one in members)
