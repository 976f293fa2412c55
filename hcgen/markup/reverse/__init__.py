"""HTML back to the dialect: what a page or a CMS shows as the Markdown that a writer would write for it."""
