"""The web service: one application factory, its settings, and routes that stay thin. Needs the ``server`` extra."""
