"""One file a CMS, each reached through its entry point (`hcgen.providers`) only."""
