"""Pages that belong to no app of their own."""
