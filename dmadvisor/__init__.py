"""Walks treatment pathways for dermatomyositis; the medicine itself stands in ``pathways/``."""

__version__ = "0.1.0"
