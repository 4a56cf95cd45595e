"""httpx for tests: everything is on this machine, so the certificates, which take 30 ms to read, are left unread."""

from __future__ import annotations

from functools import partial

import httpx

get = partial(httpx.get, verify=False)
post = partial(httpx.post, verify=False)
delete = partial(httpx.delete, verify=False)
options = partial(httpx.options, verify=False)
request = partial(httpx.request, verify=False)
Client = partial(httpx.Client, verify=False)
AsyncClient = partial(httpx.AsyncClient, verify=False)
