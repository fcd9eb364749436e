"""The whole way for one photo, for one visit, and the record of it."""
