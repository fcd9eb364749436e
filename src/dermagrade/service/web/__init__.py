"""What all pages and routes share: problems, headers, templates, uploads."""
