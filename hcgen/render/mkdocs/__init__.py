"""The renderer that stands on MkDocs: the only folder that names it."""
