"""The few expressions of the figures that SQLite and PostgreSQL write differently."""

from typing import Any

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class ShanghaiDay(GenericFunction[Any]):
    """The day of a moment in Shanghai, as ISO text."""

    type = String()
    inherit_cache = True
    name = "shanghai_day"


class ShanghaiHour(GenericFunction[Any]):
    """The hour of a moment in Shanghai, from 0."""

    type = Integer()
    inherit_cache = True
    name = "shanghai_hour"


class HasGap(GenericFunction[Any]):
    """Whether a stored reply says that the rules have a gap: one of its blocks has the tone for it."""

    type = Boolean()
    inherit_cache = True
    name = "has_gap"


def _argument(element: GenericFunction[Any], compiler: Any, options: dict[str, Any]) -> str:
    (clause,) = element.clauses
    return str(compiler.process(clause, **options))


# Shanghai has had no summer time since 1991.
@compiles(ShanghaiDay, "sqlite")
def _(element: ShanghaiDay, compiler: Any, **options: Any) -> str:
    return f"date({_argument(element, compiler, options)}, '+8 hours')"


@compiles(ShanghaiDay, "postgresql")
def _(element: ShanghaiDay, compiler: Any, **options: Any) -> str:
    return f"to_char({_argument(element, compiler, options)} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"


@compiles(ShanghaiHour, "sqlite")
def _(element: ShanghaiHour, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%H', {_argument(element, compiler, options)}, '+8 hours') AS INTEGER)"


@compiles(ShanghaiHour, "postgresql")
def _(element: ShanghaiHour, compiler: Any, **options: Any) -> str:
    moment = _argument(element, compiler, options)
    return f"CAST(extract(hour FROM {moment} AT TIME ZONE 'Asia/Shanghai') AS INTEGER)"


@compiles(HasGap, "sqlite")
def _(element: HasGap, compiler: Any, **options: Any) -> str:
    blocks = f"json_each({_argument(element, compiler, options)}, '$.blocks') block"
    return f"EXISTS (SELECT 1 FROM {blocks} WHERE json_extract(block.value, '$.tone') = 'gap')"  # noqa: S608 - no value of anybody stands in it


@compiles(HasGap, "postgresql")
def _(element: HasGap, compiler: Any, **options: Any) -> str:
    blocks = f"jsonb_array_elements(CAST({_argument(element, compiler, options)} AS jsonb) -> 'blocks') block"
    return f"EXISTS (SELECT 1 FROM {blocks} WHERE block ->> 'tone' = 'gap')"  # noqa: S608 - no value of anybody stands in it
