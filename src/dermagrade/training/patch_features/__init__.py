"""A small network on the features that a frozen backbone gives of skin patches, as published."""
