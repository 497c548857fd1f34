"""Views: what is asked for, and what the server must answer."""
