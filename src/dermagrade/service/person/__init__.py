"""The face for the person photographed: a folder for each of its pages, and the table of them in ``pages.py``."""
