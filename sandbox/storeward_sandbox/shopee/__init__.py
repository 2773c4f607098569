"""Shopee, emulated: the Open Platform API v2 with its links, tokens, signatures, odd spellings, errors and pushes."""
