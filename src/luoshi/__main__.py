"""`python -m luoshi`: the same as the command `luoshi`."""

from luoshi.cli import main

if __name__ == "__main__":
    main()
