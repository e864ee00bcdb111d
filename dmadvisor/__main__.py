"""Lets ``python -m dmadvisor`` and the installed command start the same way."""

from dmadvisor.cli.app import main

if __name__ == "__main__":
    main()
