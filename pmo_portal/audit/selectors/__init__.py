"""Questions about the trail."""
