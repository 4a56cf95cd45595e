"""One turn: a case goes in, a reply comes out."""
