"""Streams of views: the gRPC client and the checks of frames."""
