"""The outline of a rule document (txt, docx, pdf) and how it compares with the rule base: the start of every update."""
