"""Rater studies: blind grading of photos by several raters, kept so that nothing is lost and nothing is rewritten."""
