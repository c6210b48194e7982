"""Critical path scheduling: dates, float and the reason of each date (domain 5)."""
