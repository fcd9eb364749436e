"""Rater studies: blind grading of photos by several raters, so that nothing is lost and nothing is rewritten."""
