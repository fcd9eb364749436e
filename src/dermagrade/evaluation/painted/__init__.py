"""Measurements on painted skin, of which the truth is known. All of it is simulated."""
