"""Measurements that hold for any condition, on photos without labels."""
