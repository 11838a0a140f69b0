"""What is read of the command line: usage, help, options and examples."""

from __future__ import annotations

from scripts.reference.command_line import command_sections, commands, shared


def test_commands_have_usage_options_and_examples() -> None:
    (export,) = (command for command in commands() if command.name == "letrics export")
    assert export.usage == "letrics export {contacts|companies} [OPTIONS]"
    assert {"--filter JSON|@FILE", "--FIELD VALUE", "-o, --output FILE"} <= {option.names for option in export.options}
    assert "letrics export contacts -o contacts.csv" in export.examples


def test_commands_of_groups_are_listed_without_the_group() -> None:
    names = [command.name for command in commands()]
    assert "letrics token create" in names and "letrics token" not in names


def test_command_options_leave_out_the_shared_ones() -> None:
    assert [option.names for option in shared()] == ["--home DIR", "--json"]
    assert not {"--home DIR", "--json"} & {option.names for command in commands() for option in command.options}


def test_command_sections_keep_preformatted_help() -> None:
    text = command_sections()
    assert "```text\nbash:  letrics completion bash >> ~/.bashrc\nzsh:" in text
    assert "\b" not in text
