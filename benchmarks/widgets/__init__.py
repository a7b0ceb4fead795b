"""The help widget beside deep-chat on the same page, in a real browser."""
