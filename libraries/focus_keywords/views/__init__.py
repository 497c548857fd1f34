"""Keywords about views: opened, refused, changed, their answers, metadata and waterfall."""
