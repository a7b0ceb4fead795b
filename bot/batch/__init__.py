"""How the verdicts on many numbers are written: JSON Lines for programs, tables for clerks."""
