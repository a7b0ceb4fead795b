"""How good the understanding is, for people: errors by kind, confusions, reliability; and how varied its data are.

Nothing here is part of a model.
"""
