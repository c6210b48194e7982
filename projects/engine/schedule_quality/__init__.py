"""How well a schedule is built: the 14 checks, the extra findings and the score (domain 5.11)."""
