"""`python -m variorum` is the `variorum` command."""

from crawler.cli import run_command

if __name__ == "__main__":
    run_command()
