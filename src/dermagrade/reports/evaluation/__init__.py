"""The report on how well a condition is graded: a module for each result, with its table and its figure."""
