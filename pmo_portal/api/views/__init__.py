"""Pages of api."""
