"""The local server: what was built, as a real host would send it. Loopback only."""
