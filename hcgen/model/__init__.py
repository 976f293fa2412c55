"""Frozen values that every room speaks in. Knows no file, no engine, no page layout."""
