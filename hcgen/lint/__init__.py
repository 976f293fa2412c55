"""Rules over content: everything that is wrong, without building. Knows no template and no CMS."""
