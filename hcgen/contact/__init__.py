"""Ways to a person: ticket links and forms. Knows brands and articles, no page and no template."""
