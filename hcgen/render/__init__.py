"""From a finished `Site` to files. The port and what every renderer shares; engines live in folders of their own."""
