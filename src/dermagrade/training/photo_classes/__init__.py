"""Networks that sort whole faces into groups of grades, as published."""
