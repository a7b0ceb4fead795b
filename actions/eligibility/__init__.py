"""Three-valued eligibility: what the rules make depend on the account. No Rasa, no SQL."""
