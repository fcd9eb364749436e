"""Pictures and pages that show results to people."""
