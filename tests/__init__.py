"""Tests of the program and of the content it ships with."""
