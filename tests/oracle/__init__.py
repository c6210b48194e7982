"""Real schedules with the dates their own tools gave them."""
