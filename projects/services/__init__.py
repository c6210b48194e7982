"""Verbs of projects."""
