"""Fast loops over arrays: each ``x_numba.py`` has a plain twin ``x_py.py`` that serves as its oracle."""


def warm() -> None:
    """Compile every kernel and keep the machine code, so that no later process has to."""
