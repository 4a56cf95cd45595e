"""Signing in at the desk: who may come in, and what their role allows."""
