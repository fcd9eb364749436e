"""Acne: how many lesions, where, and how severe."""
