"""Articles into a CMS and back: desired state, plan, ledger, apply, rollback, pull. Knows no CMS by name."""
