"""What assistants may do here: MCP servers on stdio, which read by default."""
