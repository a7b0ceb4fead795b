"""What was said in every conversation, masked, and what became of it: kept in a database of its own."""
