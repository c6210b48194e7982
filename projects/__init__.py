"""One project: its work, time and money. Stores facts."""
