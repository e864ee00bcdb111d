"""One patient over many visits: a file that a clinician can read."""
