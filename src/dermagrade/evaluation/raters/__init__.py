"""What a table of ratings says of its raters."""
