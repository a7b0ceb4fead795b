"""Where account facts come from."""
