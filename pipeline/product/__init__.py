"""Another product: a project made from templates, the shared parts as a wheel, and what its own run.py does."""
