"""The networks that ship with the package, and running them."""
