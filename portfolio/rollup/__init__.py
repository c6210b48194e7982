"""Health mathematics: indicators, dimensions, colors, groups and their history. Knows no framework."""
