"""Xray and Jira for an assistant: Tests, executions, what would be published; tickets after a question."""
