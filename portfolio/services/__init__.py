"""Verbs of the portfolio."""
