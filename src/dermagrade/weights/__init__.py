"""The networks that ship with the package, and the one door through which all are found and run."""
