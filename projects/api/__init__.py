"""Translation between JSON and services of projects."""
