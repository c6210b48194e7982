"""Shapes of input of portfolio."""
