"""The audit trail: who looked at which account, when, why and at what.

Append-only and hash-chained (`chain`), kept in a database of its own (`trail`), checked by `verify`. Accounts are looked
at through `looks` and in no other way: what cannot be recorded is not shown.
"""
