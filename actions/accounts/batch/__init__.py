"""The verdicts on many numbers at once, computed inside the accounts database.

Here, and not beside the other eligibility code, because the statement knows how the tables keep each fact.
"""
