"""Faults that are made on purpose: who may make them, how they are undone whatever happens, and what was measured."""
