"""Dermagrade grades facial skin from ordinary photos: acne severity now, further conditions as they are added.

The import is light on purpose: it loads no network, no image library and none of the optional extras. Take what you
need from the modules: :mod:`dermagrade.photo` reads and screens, :mod:`dermagrade.face` finds the skin zones,
:mod:`dermagrade.conditions` grades, and :mod:`dermagrade.assess.photo` does all of it for one photo.
"""

__version__ = "0.1.0"
