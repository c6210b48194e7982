"""PMO Portal: wiring and shared services."""

__version__ = "0.1.0"
