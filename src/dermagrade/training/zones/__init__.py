"""The zone network: where a face is, its zones, points and pose."""
