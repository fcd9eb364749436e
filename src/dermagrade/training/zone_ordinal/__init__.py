"""The network that grades each zone of a face on an ordinal scale."""
