"""``/``: a plain page on which one photo can be tried."""
