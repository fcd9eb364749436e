"""The diary of a person photographed: so far the plan of its tables, which no database holds yet."""
