"""Shapes of input of projects."""
