"""Jobs of projects: the clock, never rules."""
