"""What people type of themselves and of others: found, taken out of the text, and carried on sealed."""
