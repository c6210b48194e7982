"""Tests of critical path scheduling."""
