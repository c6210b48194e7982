"""What the documentation of the API reads."""
