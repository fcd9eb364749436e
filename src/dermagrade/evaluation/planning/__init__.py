"""How many people, photos and raters a study needs."""
