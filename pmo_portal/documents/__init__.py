"""Files people bring in and files the portal makes."""
