"""Changes training pictures without changing what they show."""
