"""`letrics forget`: erases people for good, after it has shown them and asked for confirmation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, INTERRUPTED, USAGE, Failed
from letrics.cli.path_type import GivenPath
from letrics.identity.identities import read_identity
from letrics.logs.request_context import add_details, skip_event
from letrics.plurals import counted, counted_people
from letrics.records import UNREADABLE, Contact

if TYPE_CHECKING:
    from letrics.store.base import Store
    from letrics.store.forgotten_list import Forgotten

_SHOWN: Final = 20
"""The number of people that are listed before the confirmation."""
_ASIDE: Final = ("replaced-", "before-", "after-")
"""How directories begin that have former states of the data: of `restore`, `check --repair` and `upgrade`."""


@click.command(
    short_help="Erase people for good.",
    epilog=examples(
        "letrics forget jane.doe@acme.example",
        "letrics forget https://www.linkedin.com/in/jane-doe crm:1234",
        "letrics forget --file requests.txt --yes",
        "letrics forget --allow jane.doe@acme.example",
    ),
)
@click.argument("people", nargs=-1, metavar="[EMAIL|LINKEDIN_URL|ID]…")
@click.option("--file", "file", type=GivenPath(exists=True, dir_okay=False, allow_dash=True, path_type=str),
              metavar="FILE", help="Also forget the people of this file, one per line.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--list", "list_", is_flag=True, help="Show how many people were forgotten, by day.")
@click.option("--allow", is_flag=True, help="Let imports add these people again, by their own wish.")
@pass_session
def forget(
    session: CliSession, people: tuple[str, ...], file: str | None, yes: bool, list_: bool, allow: bool
) -> int:  # fmt: skip
    """Erase people from the records, the indexes, former states, reports of imports and stored responses.

    Keyed hashes of their addresses, LinkedIn profile, ids and name keep later imports from adding them again. A person
    of whom nothing is stored is put on that list, too.
    """
    given = list(dict.fromkeys([*people, *_lines(file)]))
    if list_:
        if given or allow:
            raise click.UsageError("--list shows the whole list: pass no people with it")
        return _list(session)
    if not given:
        raise click.UsageError("pass an email address, a LinkedIn URL or an id, or --file FILE")
    _check(given)
    store = session.open_store()
    try:
        if allow:
            return _allow(session, store, given)
        found = {each: store.find_people(each) for each in given}
        nums = sorted({num for each in found.values() for num in each})
        unknown = [each for each, of in found.items() if not of]
        _confirm(session, store, nums, unknown, yes)
        done = store.forget(nums, given)
        settled = store.settle_erasure()
    finally:
        store.close()
    add_details(records=done.contacts, people=done.people)
    facts = {**msgspec.to_builtins(done), "not_stored": len(unknown)}
    session.print_result(facts, _words(done, len(unknown)))
    _erase_index(session)
    if not settled:
        session.say(
            "A reader of the database keeps its write-ahead log: run `letrics forget` of these people again later, or "
            "stop and start the server."
        )
    if copies := _copies(session.home.path):
        session.say(
            f"Copies of an earlier state in {session.home.path} may still have them: delete {', '.join(copies)}"
        )
    return 0


def _lines(file: str | None) -> list[str]:
    if file is None:
        return []
    text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    return [line.strip() for line in text.splitlines() if line.strip()]


def _check(given: list[str]) -> None:
    """Refuse texts that identify no one, all at once."""
    problems = []
    for each in given:
        try:
            read_identity(each)
        except ValueError as error:
            problems.append(f"{each} {error}")
    if problems:
        raise click.UsageError("\n".join(problems))


def _confirm(session: CliSession, store: Store, nums: list[int], unknown: list[str], yes: bool) -> None:
    """Show the people and ask for confirmation. Raises Failed without it."""
    lines = []
    if nums:
        lines.append(f"{counted(len(nums), 'contact')} will be erased for good, and no import adds them again:")
        shown = nums[:_SHOWN]
        lines += [_line(num, document) for num, document in zip(shown, store.documents("contacts", shown), strict=True)]
        if len(nums) > len(shown):
            lines.append(f"  and {len(nums) - len(shown):,} more")
    if unknown:
        lines.append("Nothing is stored of these; no import will add them:")
        lines += [f"  {each}" for each in unknown[:_SHOWN]]
        if len(unknown) > _SHOWN:
            lines.append(f"  and {len(unknown) - _SHOWN:,} more")
    session.say("\n".join(lines))
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failed("no one was forgotten: not a terminal, pass --yes to confirm", USAGE)
    if not click.confirm("continue?", err=True):
        raise Failed("no one was forgotten", INTERRUPTED)


def _line(num: int, document: bytes | None) -> str:
    try:
        contact = msgspec.json.decode(document or b"", type=Contact)
    except UNREADABLE:
        return f"  num {num} (malformed)"
    at = None if contact.company is None else contact.company.name or contact.company.domain
    names = ", ".join(filter(None, (contact.full_name, contact.job_title, at)))
    addresses = " ".join(email.value for email in contact.emails)
    return "  ".join(filter(None, (f"  {contact.id}", names, addresses)))


def _words(done: Forgotten, unknown: int) -> str:
    lines = [f"{counted(done.contacts, 'contact')} erased"]
    if unknown:
        lines.append(f"{counted(unknown, 'identity')} noted of which nothing was stored")
    if done.companies:
        lines.append(f"{counted(done.companies, 'company')} lost an address of theirs")
    return "\n".join(lines)


def _erase_index(session: CliSession) -> None:
    """Remove the values of the people from the saved index. A large one takes minutes."""
    from letrics.cli.progress import Meter
    from letrics.engines.base import EngineAway

    backends = session.backends()
    try:
        with backends.store.open() as store, Meter(session.console) as meter:
            erased = backends.engine.erase(store, meter.of_load)
    except EngineAway as error:
        session.say(f"The index loses their values when the server follows the log again: {error}")
        return
    if not erased:
        session.say("Another process is changing the index: a running server removes their values within minutes.")


def _copies(home: Path) -> list[str]:
    """The names of what `restore`, `check --repair` and `upgrade` set aside in the home. An operator must delete it."""
    return sorted(path.name for path in home.iterdir() if path.is_dir() and path.name.startswith(_ASIDE))


def _list(session: CliSession) -> int:
    skip_event()
    with session.open_store() as store:
        days = store.forgotten_days()
    total = sum(day.people for day in days)
    lines = [f"{day.day}  {day.people:,}" for day in days]
    facts: dict[str, Any] = {"people": total, "days": msgspec.to_builtins(days)}
    session.print_result(facts, "\n".join([f"{counted_people(total)} forgotten", *lines]))
    return 0


def _allow(session: CliSession, store: Store, given: list[str]) -> int:
    unknown = [each for each in given if not store.allow([each])]
    for each in unknown:
        session.say(f"{each} is not on the list of forgotten people")
    allowed = len(given) - len(unknown)
    add_details(allowed=allowed)
    session.print_result({"allowed": allowed}, f"{counted_people(allowed)} may be imported again")
    return DATA if unknown else 0
