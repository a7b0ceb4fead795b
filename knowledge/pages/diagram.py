"""The picture of how an operation is judged: to which numbers it applies, every condition, and what comes of them.

An SVG of drawsvg without colours of its own: classes that the style sheet of the page knows, so that it follows a dark
scheme and prints. Texts are cut into lines here, so that there is one picture for wide pages and one for phones.
"""

from collections.abc import Sequence
from typing import Final

import drawsvg as draw
from markupsafe import Markup

from knowledge.conditions import OperationRules
from knowledge.pages.decision import Decision, Step, decision_of, wording
from knowledge.pages.wrapping import width, wrapped

_TITLE: Final = 15
_TEXT: Final = 14
_SMALL: Final = 12.5
_LEADING: Final = 1.5
_PADDING: Final = 12
_GAP: Final = 14
# Where the line with the numbers runs, and where the boxes beside it begin.
_SPINE: Final = 20
_LEFT: Final = 44


# A text, its size, and its class.
_Text = tuple[str, float, str]


def decision_pictures(rules: OperationRules) -> Markup:
    """The picture for wide pages and the one for phones, of which the style sheet shows one; empty where there is none."""
    decision = decision_of(rules)
    if decision is None:
        return Markup("")
    # drawsvg escapes every text that it is given.
    return Markup("\n").join(Markup(_Picture(decision, kind).svg()) for kind in ("wide", "narrow"))  # noqa: S704


class _Description(draw.Title):  # type: ignore[misc]  # drawsvg has no type information
    TAG_NAME = "desc"


_WIDTHS: Final = {"wide": 720, "narrow": 340}


class _Picture:
    """Draws from the top down; `_y` is how far it has come."""

    def __init__(self, decision: Decision, kind: str) -> None:
        self._decision = decision
        self._wide = kind == "wide"
        self._kind = kind
        self._width = _WIDTHS[kind]
        # On wide pages what follows from a condition stands beside it, on phones below.
        self._split = 400 if self._wide else self._width
        self._shapes = draw.Group()
        self._lines = draw.Group(class_="d-lines")
        self._y = 4.0
        self._spine_ends: float | None = None

    def svg(self) -> str:
        """The whole picture."""
        self._scope()
        for number, step in enumerate(self._decision.steps, 1):
            self._step(number, step)
        self._outcomes()
        name = f"{self._decision.operation}-{self._kind}"
        picture = draw.Drawing(
            self._width,
            round(self._y + 4),
            role="img",
            class_=f"decision for-{self._kind}",
            aria_labelledby=f"{name}-title",
            aria_describedby=f"{name}-words",
        )
        picture.append(draw.Title(self._decision.title, id=f"{name}-title"))
        picture.append(_Description(self._decision.words, id=f"{name}-words"))
        picture.append(self._lines)
        picture.append(self._shapes)
        return str(picture.as_svg(header=""))

    def _scope(self) -> None:
        say = wording()
        top, right = self._y, self._split - 4
        text = [(say["scope"], _SMALL, "d-soft"), (self._decision.scope, _TEXT, "")]
        text += self._soft(self._decision.scope_citation)
        height = self._text_box(_LEFT, top, right, "d-box", text)
        self._dot(top + height / 2, "")
        self._beside(top, height, "d-none", [(say["out_of_scope"], _TEXT, "d-strong")])
        self._y += _GAP
        self._y += self._text(_LEFT, self._y, [self._decision.each], _SMALL, "d-soft") + 6

    def _soft(self, *texts: str) -> list[_Text]:
        """Small lines below what they belong to; empty ones are left out."""
        return [(text, _SMALL, "d-soft") for text in texts if text]

    def _step(self, number: int, step: Step) -> None:
        top, right = self._y, self._split - 4
        text = [(step.requirement, _TITLE, "d-strong"), *self._soft(step.citation, step.period)]
        follows = [(step.heading, _TEXT, "d-strong"), (step.text, _TEXT, "")]
        height = self._height(text, right - _LEFT)
        if self._wide:
            height = max(height, self._height(follows, self._width - 4 - self._beyond))
        self._text_box(_LEFT, top, right, "d-box", text, height)
        self._dot(top + height / 2, str(number))
        self._beside(top, height, f"d-{step.tone}", follows)
        self._y += _GAP

    def _outcomes(self) -> None:
        say = wording()
        shown = self._decision.outcomes
        room = self._width - 4 - _LEFT
        each = (room - _GAP * (len(shown) - 1)) / len(shown) if self._wide else room
        texts = [
            [
                (one.when, _SMALL, "d-soft"),
                (one.then, _TITLE, "d-strong"),
                *([] if one.possible else [(say["never_allowed"], _SMALL, "d-soft")]),
            ]
            for one in shown
        ]
        height = max(self._height(text, each) for text in texts)
        branch = self._y
        if self._wide:
            self._spine(branch)
            self._y += 20
        for index, (one, text) in enumerate(zip(shown, texts, strict=True)):
            css = f"d-{one.status}" if one.possible else "d-never"
            if self._wide:
                x = _LEFT + index * (each + _GAP)
                self._lines.append(draw.Lines(_SPINE, branch, x + each / 2, branch, x + each / 2, self._y - 6))
                self._head_down(x + each / 2, self._y)
                self._text_box(x, self._y, x + each, css, text, height)
            else:
                tall = self._text_box(_LEFT, self._y, _LEFT + each, css, text)
                self._spine(self._y + tall / 2)
                self._lines.append(draw.Line(_SPINE, self._y + tall / 2, _LEFT, self._y + tall / 2))
                self._y += tall + _GAP
        self._y = self._y + height if self._wide else self._y - _GAP

    @property
    def _beyond(self) -> float:
        """Where, on wide pages, the boxes of what follows begin."""
        return self._split + 32

    def _beside(self, top: float, height: float, css: str, texts: Sequence[_Text]) -> None:
        """The box of what follows, with an arrow from the one that it follows; moves on below both."""
        if self._wide:
            middle, tall = top + height / 2, height
            self._lines.append(draw.Line(self._split - 4, middle, self._beyond - 6, middle))
            self._head(self._beyond, middle)
            self._text_box(self._beyond, top, self._width - 4, css, texts, tall)
            self._y = top + height
            return
        x, below = _LEFT + 34, top + height + 8
        tall = self._text_box(x, below, self._width - 4, css, texts)
        corner = _LEFT + 14
        self._lines.append(draw.Lines(corner, top + height, corner, below + tall / 2, x - 6, below + tall / 2))
        self._head(x, below + tall / 2)
        self._y = below + tall

    def _height(self, texts: Sequence[_Text], room: float) -> float:
        return 2 * _PADDING + sum(
            len(wrapped(text, (room - 2 * _PADDING) / size)) * size * _LEADING for text, size, _ in texts
        )

    def _text_box(
        self, left: float, top: float, right: float, css: str, texts: Sequence[_Text], height: float = 0
    ) -> float:
        """A box with texts below one another; as high as they need, or `height` with the texts in its middle."""
        needed = self._height(texts, right - left)
        height = height or needed
        self._shapes.append(draw.Rectangle(left, top, right - left, height, rx=8, class_=f"d-frame {css}"))
        y = top + _PADDING + (height - needed) / 2
        for text, size, text_css in texts:
            lines = wrapped(text, (right - left - 2 * _PADDING) / size)
            y += self._text(left + _PADDING, y, lines, size, f"{css} {text_css}".strip())
        return height

    def _text(self, x: float, y: float, lines: list[str], size: float, css: str) -> float:
        """Lines of text from `y` down; returns how much room they took."""
        step = size * _LEADING
        for index, line in enumerate(lines):
            baseline = y + index * step + step / 2 + size * 0.36
            self._shapes.append(draw.Text(line, size, x, round(baseline, 1), class_=f"d-text {css}"))
        return len(lines) * step

    def _dot(self, y: float, number: str) -> None:
        self._spine(y)
        radius = 12 if number else 6
        self._shapes.append(draw.Circle(_SPINE, y, radius, class_="d-dot"))
        if number:
            x = _SPINE - width(number) * _SMALL / 2
            self._shapes.append(draw.Text(number, _SMALL, x, round(y + _SMALL * 0.36, 1), class_="d-text d-number"))

    def _spine(self, y: float) -> None:
        if self._spine_ends is not None:
            self._lines.append(draw.Line(_SPINE, self._spine_ends, _SPINE, y))
        self._spine_ends = y

    def _head(self, x: float, y: float) -> None:
        self._lines.append(draw.Lines(x - 8, y - 5, x, y, x - 8, y + 5, close=True, class_="d-head"))

    def _head_down(self, x: float, y: float) -> None:
        self._lines.append(draw.Lines(x - 5, y - 8, x, y, x + 5, y - 8, close=True, class_="d-head"))
