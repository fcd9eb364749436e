"""Erythema: how red the skin is."""
