"""Forms of an answer that single channels need; all are made from the same blocks."""
