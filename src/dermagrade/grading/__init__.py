"""What conditions share: networks of whole faces and of zones, intervals, views of a visit, painting, recipes."""
