"""Pictures drawn by code that hold no face: patterns, scenes, skin without features, comic heads and hands."""
