"""Measurements: each module is one benchmark with fixed sizes and a seed, run by ``python -m bench``."""
