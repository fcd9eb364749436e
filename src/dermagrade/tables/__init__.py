"""Tables of photos: labels, ratings, references and persons, read with checks, and joined to photos."""
