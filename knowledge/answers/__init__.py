"""Answers of the rule base: what the rules in force on a day say to a reader, in the words of the rule files."""

from knowledge.answers.compose import answer_operation, answer_topic
from knowledge.answers.model import Answer, Change, Part, citation_text

__all__ = ["Answer", "Change", "Part", "answer_operation", "answer_topic", "citation_text"]
