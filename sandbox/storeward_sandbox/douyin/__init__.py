"""Douyin Shop (抖店): its gateway, its shops and the life in them."""
