"""What every app stands on: errors, the job queue, health, the page shell."""
