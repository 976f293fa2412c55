"""`python -m hcgen` is the `hcgen` command."""

from hcgen.cli.main import main

if __name__ == "__main__":
    main()
