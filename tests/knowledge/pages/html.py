"""Reads HTML as tests want it: its words, its links, its anchors, what it loads."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_LOADING = {"link": "href", "script": "src", "img": "src", "iframe": "src"}


@dataclass
class Page(HTMLParser):
    """One page. `words` has the text of each element as it is read, without blanks at the ends."""

    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    loads: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.tags.append(tag)
        if named.get("id"):
            self.anchors.add(named["id"])
        if tag == "a" and named.get("href"):
            self.links.append(named["href"])
        if tag in _LOADING and named.get(_LOADING[tag]):
            self.loads.append(named[_LOADING[tag]])
        assert "style" not in named
        assert not any(name.startswith("on") for name in named)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        """All words, one element a line."""
        return "\n".join(self.words)


def read(html: str) -> Page:
    """The page in this text."""
    page = Page()
    page.feed(html)
    page.close()
    return page
