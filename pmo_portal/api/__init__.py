"""Plumbing of the API under /api/v1/."""
