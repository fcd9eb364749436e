"""People and what is kept of them: the store, rater studies. No web in it."""
