"""Why the advice is what it is, and which other answer would change it."""
