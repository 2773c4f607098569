"""The marketplaces, emulated over HTTP. Imports nothing of storeward: the two meet on the wire only."""
