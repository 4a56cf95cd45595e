"""What Plainly keeps: conversations, messages, turns, escalations, the ledger, records and receipts.

Open it with `Store(url)`; all functions take a session from `store.read()` or `store.write()`.
"""

from plainly.store.database import Store

__all__ = ["Store"]
