"""The one Markdown dialect: text in, `Fragment` out. Knows no brand, no address, no file."""
