"""What the keyword libraries have in common: plain modules that can be tested without Robot Framework."""
