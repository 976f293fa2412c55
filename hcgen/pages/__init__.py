"""Pure: from a project to finished plans of its help centers. Reads no file, writes none, knows no template."""
