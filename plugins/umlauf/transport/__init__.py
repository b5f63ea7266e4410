"""How bytes come in over HTTP: session, retry, rate budget, paging, connections."""
