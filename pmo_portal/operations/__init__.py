"""The pages and the API of the work in the background."""
