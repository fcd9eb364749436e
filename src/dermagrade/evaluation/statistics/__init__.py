"""Statistics that know nothing of photos: agreement, reliability, and their intervals over persons."""
