"""How the package's own networks are trained; needs the ``train`` extra."""
