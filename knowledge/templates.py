"""Chinese sentences with named placeholders, as they stand in the rule files."""

from collections.abc import Collection
from string import Formatter


def template_problem(text: object, allowed: Collection[str]) -> str | None:
    """What is wrong with a template, in Chinese, or None; `allowed` are the placeholders that will have a value."""
    if not isinstance(text, str) or not text.strip():
        return "应是一句话"
    try:
        fields = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError:
        return "花括号不成对"
    unknown = [field for field in dict.fromkeys(fields) if field not in allowed]
    if unknown:
        may = "、".join(allowed) or "没有"
        return f"占位符 {'、'.join('{' + field + '}' for field in unknown)} 没有对应的事实（可用的：{may}）"
    return None
