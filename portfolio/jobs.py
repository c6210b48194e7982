"""Jobs of the portfolio: the clock, never rules."""
