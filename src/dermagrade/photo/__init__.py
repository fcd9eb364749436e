"""Photos: read from files of any usual kind, and screened for what would mislead a grade."""
