"""Lets ``python -m dmadvisor`` and the installed command start the same way."""

import gc

# A run ends before collecting garbage would free anything; looking for it costs a tenth of a start.
gc.disable()

from dmadvisor.cli.app import main  # noqa: E402 - after the line above, which it is meant to spare

if __name__ == "__main__":
    main()
