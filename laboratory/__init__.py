"""Measurements of the shipped networks on photos that are not ours to ship, with the collections' names and lists."""
