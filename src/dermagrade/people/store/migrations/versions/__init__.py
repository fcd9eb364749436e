"""The steps, in the order that their numbers and ``down_revision`` say."""
