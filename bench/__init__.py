"""Measurements on real content and against peers. Nothing here is part of the product."""
