"""The product's sources for an assistant: a checkout that is read, and moved after a question."""
