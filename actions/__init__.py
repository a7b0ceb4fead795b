"""Rasa custom actions and what they stand on: account facts, eligibility, and the composition of answers."""
