"""Inbox of each person, and the channels that reach them."""
