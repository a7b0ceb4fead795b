"""Proof-like tests: whole domains, independent evaluators and solvers instead of examples."""
