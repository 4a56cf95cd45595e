"""A shop vouches for a customer with a signed token, which becomes a conversation of that customer."""

from plainly.gateway.identity.routes import router

__all__ = ["router"]
