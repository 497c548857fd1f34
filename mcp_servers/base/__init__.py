"""What all servers share: registration of tools, confirmation, text of others, limits, the audit log."""
