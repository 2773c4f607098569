"""TikTok Shop, emulated: the Partner API of version 202309 and later, with its tokens, signatures, errors and webhooks."""
