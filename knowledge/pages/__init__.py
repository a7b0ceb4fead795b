"""Pages made from the rule base: the sheets for the people who own the rules, and the checklist to print."""
