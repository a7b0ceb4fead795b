"""What members of staff work with: asking, look-ups, companies, search, review, hand-overs and figures."""
