"""hcgen: help centers for many brands and languages, from a folder of Markdown."""

__version__ = "0.1.0"
