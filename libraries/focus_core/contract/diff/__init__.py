"""What an edit of a contract breaks, for whom, and why."""
