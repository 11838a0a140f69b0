"""`letrics help` and `letrics version`: the same as `--help` and `--version`."""

from __future__ import annotations

import click

from letrics.cli.context import CliSession, pass_session


@click.command("help")
@click.argument("words", nargs=-1, metavar="[COMMAND…]")
@click.pass_context
def help_(context: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command, such as `letrics help token create`. Without a command, show the program's help."""
    above = context.find_root()
    for word in words:
        if not isinstance(above.command, click.Group):
            raise click.UsageError(f"{above.command_path} has no command {word}")
        name, command, _ = above.command.resolve_command(above, [word])
        assert command is not None
        above = click.Context(command, info_name=name, parent=above)
    click.echo(above.command.get_help(above))


@click.command()
@pass_session
def version(session: CliSession) -> None:
    """Show the version."""
    from letrics import __version__

    session.print_result({"version": __version__}, f"letrics {__version__}")
