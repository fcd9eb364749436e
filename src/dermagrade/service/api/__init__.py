"""The address ``/v1``, and how the service is watched over."""
