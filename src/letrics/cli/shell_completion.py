"""`letrics completion`: prints a shell script that completes commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a completion script for SHELL.

    \b
    bash:  letrics completion bash >> ~/.bashrc
    zsh:   letrics completion zsh >> ~/.zshrc
    fish:  letrics completion fish > ~/.config/fish/completions/letrics.fish
    """
    from letrics.cli import cli

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(cli, {}, "letrics", "_LETRICS_COMPLETE")
    click.echo(script.source_template % script.source_vars())
