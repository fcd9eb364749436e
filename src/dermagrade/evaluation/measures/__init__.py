"""Measurements that hold for any condition, on photos of which nobody knows the truth."""
