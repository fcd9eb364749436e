"""The team's desk: studies are set up, followed, settled and taken away here. No rater reaches any of it."""
