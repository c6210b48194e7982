"""Formats of dates of the languages whose usual ones are not used."""
