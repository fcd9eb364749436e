"""The network that counts lesions on a map and grades what a face shows."""
