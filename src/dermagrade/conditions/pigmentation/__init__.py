"""Mottled hyperpigmentation: how much of the skin is darkened by patches of brown, and by how much."""
