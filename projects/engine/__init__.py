"""Mathematics of one project: calendars, earned value, measures. No Django, no clock, no database."""
