"""Search: one analyser for build and browser, and the static index that the browser reads."""
