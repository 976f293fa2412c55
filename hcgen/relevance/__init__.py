"""The relevance gate: queries made from the content, the browser's own search run on them, and what came of it."""
