"""Builds of many sites: shards, extras of a brand, staging and installing. Prints nothing."""
