"""The report on how well raters agree: a module for each result, with its table and its figure."""
