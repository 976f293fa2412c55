"""The command line: words, progress, exit codes. The only room that prints; one command a file."""
