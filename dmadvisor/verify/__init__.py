"""Proof: every patient that the content can tell apart, held against declared safety rules."""
