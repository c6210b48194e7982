"""Reading of schedules other tools wrote, into one neutral document. Knows no Django."""
