"""Questions about people and rights."""
