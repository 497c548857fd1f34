"""The workflows and pull requests of this repository for an assistant."""
