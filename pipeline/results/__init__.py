"""What a finished run left, and what is made of it."""
