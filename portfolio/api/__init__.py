"""Translation between JSON and services of portfolio."""
