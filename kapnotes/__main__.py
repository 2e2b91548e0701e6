"""The command line, and nothing else.

Each command imports what it needs when it runs: the start of the windows waits for no other command's rooms.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from kapnotes import __version__
from kapnotes.app.program import Program
from kapnotes.app.secrecy import keep_out_of_dumps
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Role
from kapnotes.domain.paper_size import PaperSize
from kapnotes.domain.text import one_line
from kapnotes.wiring import build_quiet_program, play_demo, profile_folder, run_windows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program or one of its commands; returns the exit code."""
    keep_out_of_dumps()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without a sign gets its number
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KapnotesError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("Stopped.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        return _fail("There is not enough free memory.", 5)
    except OSError as error:
        return _fail(f"{error.filename or 'The system'}: {error.strerror}.", 5)
    except Exception as error:  # the program is at fault; what it says may hold a patient's word
        return _fail(f"A fault of the program: {_place_of(error)}. What was saved is safe.", 70)


def _fail(line: str, code: int) -> int:
    sys.stderr.write(f"kapnotes: {one_line(line)}\n")
    return code


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    return type(error).__name__ + place


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the command line in one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        sys.exit(_fail(f"{message}; {self.prog} --help says what there is.", 2))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="kapnotes",
        description="The in-session notebook for ketamine-assisted psychotherapy. Without a command: the program.",
    )
    parser.add_argument("--version", action="version", version=f"kapnotes {__version__}")
    parser.add_argument("--vault", type=Path, help="the vault to open (without a command)")
    parser.add_argument("--backups", type=Path, metavar="FOLDER", help="where backups go from now on, a stick say")
    _add_here_anyway(parser)
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = commands.add_parser("demo", help="play a whole session through the real windows")
    demo.add_argument("--out", type=Path, default=Path("kapnotes-demo"), help="the folder to leave it in")
    demo.add_argument("--speed", type=_speed, help="watch it, this many times faster than life")
    demo.add_argument("--vitals", type=Path, metavar="CSV", help="your vitals instead of the shipped ones")
    demo.add_argument("--notes", type=Path, metavar="CSV", help="your notes instead of the shipped ones")
    demo.set_defaults(run=_demo)

    create = commands.add_parser("create", help="make a new vault and its first member")
    create.add_argument("vault", type=Path)
    create.add_argument("--sheets", type=Path, metavar="DIR", help="put its recovery sheets there as pages to print")
    create.add_argument("--roles", default="therapist", help="therapist, medical, or therapist,medical")
    _add_member(create)
    _add_here_anyway(create)
    create.set_defaults(run=_create)

    sessions = commands.add_parser("sessions", help="list the sessions a member can see")
    sessions.add_argument("vault", type=Path)
    _add_member(sessions)
    _add_here_anyway(sessions)
    sessions.set_defaults(run=_sessions)

    export = commands.add_parser("export", help="put a session's pages or its data into a file")
    export.add_argument("vault", type=Path)
    export.add_argument("session", help="its first digits, as in kapnotes sessions")
    export.add_argument(
        "--as",
        dest="document",
        choices=["summary", "text", "documentreference", "record", "fhir", "csv", "csv-deidentified", "notes"],
        required=True,
        help="summary, record and the therapist's own notes are encrypted pages, documentreference holds the page of "
        "the summary; text is the summary in clear, the others are data of the medical record in clear",
    )
    export.add_argument(
        "--confirm-psychotherapy-notes", action="store_true", help="yes, the own process notes are to be written"
    )
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument("--replace", action="store_true", help="replace a file that is there")
    export.add_argument(
        "--paper", choices=["a4", "letter"], help="the size of the pages; else that of the system's locale"
    )
    export.add_argument("--for", dest="recipient", default="", metavar="RECIPIENT", help="who receives the pages")
    _add_member(export)
    _add_here_anyway(export)
    export.set_defaults(run=_export)

    audit = commands.add_parser("audit", help="put the audit trail into a CSV file")
    audit.add_argument("vault", type=Path)
    audit.add_argument("--out", type=Path, required=True, metavar="FILE", help="the new file; nothing is overwritten")
    _add_member(audit)
    audit.set_defaults(run=_audit)

    backup = commands.add_parser("backup", help="make a backup, opened again before it counts; needs no passphrase")
    backup.add_argument("vault", type=Path)
    backup.add_argument("file", type=Path, help="the new file, or a folder for it; nothing is ever overwritten")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="bring a backup back as a new vault; needs no passphrase")
    restore.add_argument("file", type=Path)
    restore.add_argument("vault", type=Path, help="the new folder; never over a vault")
    restore.add_argument("--with-findings", action="store_true", help="also if the vault was damaged when backed up")
    restore.set_defaults(run=_restore)

    salvage = commands.add_parser("salvage", help="make a new vault of what is whole in a damaged one")
    salvage.add_argument("source", type=Path, metavar="VAULT", help="the damaged vault, or a damaged backup; it stays")
    salvage.add_argument("vault", type=Path, metavar="NEW", help="the new folder; never over a vault")
    salvage.add_argument(
        "--with",
        dest="backups",
        type=Path,
        action="append",
        default=[],
        metavar="BACKUP",
        help="fill gaps from this backup of the same vault; may be given several times",
    )
    _add_member(salvage, is_required=False)
    salvage.set_defaults(run=_salvage)

    verify = commands.add_parser("verify", help="check chains, signatures and files of a vault; changes nothing")
    verify.add_argument("vault", type=Path, help="the vault, or a backup of one")
    verify.add_argument("--json", action="store_true", help="print the report as JSON")
    verify.add_argument("--head", metavar="LINE", help="a line as on a page, KAP-HEAD medical 1482 7F3A-…: is it held?")
    verify.add_argument("--no-anchors", action="store_true", help="forget how this computer last saw the vault")
    _add_member(verify, is_required=False)
    verify.set_defaults(run=_verify)
    return parser


def _add_here_anyway(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--here-anyway", action="store_true", help="use a folder on a network or a synchronised one; it is remembered"
    )


def _add_member(parser: argparse.ArgumentParser, *, is_required: bool = True) -> None:
    parser.add_argument("--member", required=is_required, metavar="NAME", help="who does it")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--passphrase-fd", type=_descriptor, metavar="N", help="read the passphrase from this descriptor"
    )
    source.add_argument("--passphrase-file", type=Path, metavar="FILE", help="read the passphrase from this file")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < 1e6:
        raise argparse.ArgumentTypeError("it is a number above 0")
    return speed


def _descriptor(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError("it is the number of an open descriptor")
    return int(text)


# -------------------------------------------------------------------------------------------- commands


def _run(options: argparse.Namespace) -> int:
    return run_windows(options.vault, options.backups, here_anyway=options.here_anyway)


def _demo(options: argparse.Namespace) -> int:
    from kapnotes.app.demo_folder import DemoFolder
    from kapnotes.app.demo_plan import make_plan
    from kapnotes.app.demo_script import read_notes_csv, read_vitals_csv, shipped_notes, shipped_vitals
    from kapnotes.app.presets import shipped_codebook

    codebook = shipped_codebook()
    vitals = read_vitals_csv(options.vitals) if options.vitals else shipped_vitals()
    notes = read_notes_csv(options.notes, codebook) if options.notes else shipped_notes(codebook)
    folder = DemoFolder(options.out)
    folder.make()
    refused = play_demo(folder, make_plan(vitals, notes, codebook), tell=_say, speed=options.speed)
    if refused:
        _say(f"Refused, as it would be for a person: {refused.total()}")
        for reason, count in refused.most_common():
            _say(f"  {count} × {reason}")
    _say(f"In {folder.path}: vault, summary.pdf, record.pdf, a picture of each window, and passphrases.txt,")
    _say("which holds the members' and the pages' passphrases, for the demo only.")
    return 0


_PAPERS = {"a4": PaperSize.A4, "letter": PaperSize.LETTER}


def _program(options: argparse.Namespace) -> Program:
    paper = _PAPERS.get(getattr(options, "paper", None) or "")
    return build_quiet_program(here_anyway=options.vault if options.here_anyway else None, paper=paper)


def _create(options: argparse.Namespace) -> int:
    from kapnotes.app.creating import create_vault

    roles = _roles(options.roles)
    passphrase = _passphrase(options, is_new=True)
    pages = create_vault(_program(options), options.vault, options.member, roles, passphrase, options.sheets)
    _say(f"The vault is made in {options.vault}. Its first member is {options.member}.")
    for page in pages:
        _say(f"  {page}")
    if pages:
        _say("Print these recovery sheets, confirm each in the program (Ctrl+K at home), then delete the files:")
        _say("they have no passphrase.")
    else:
        _say(
            "Its recovery sheets are made in the program: Ctrl+K at home. Without them a forgotten passphrase is lost."
        )
    return 0


def _sessions(options: argparse.Namespace) -> int:
    from kapnotes.app import quiet

    listed = quiet.list_sessions(_program(options), options.vault, options.member, _passphrase(options))
    for line in listed.lines:
        _say(line)
    if not listed.lines:
        _say("There are no sessions yet.")
    return max((_fail(str(cause), cause.exit_code) for cause in listed.unopened), default=0)


def _export(options: argparse.Namespace) -> int:
    from kapnotes.app import quiet
    from kapnotes.app.documents import Document

    exported = quiet.export_page(
        _program(options),
        options.vault,
        options.member,
        _passphrase(options),
        session=options.session,
        document=Document(options.document),
        recipient=options.recipient,
        path=options.out,
        may_replace=options.replace,
        may_be_notes=options.confirm_psychotherapy_notes,
    )
    for line in exported.unread:
        sys.stderr.write(f"kapnotes: not on the page: {line}\n")
    if exported.passphrase:
        _say(f"{options.out} is written. It opens with: {exported.passphrase}")
    else:
        _say(f"{options.out} is written. It is not encrypted: whoever has the file can read it.")
    return exported.code


def _audit(options: argparse.Namespace) -> int:
    from kapnotes.app import quiet

    audited = quiet.export_audit(
        build_quiet_program(), options.vault, options.member, _passphrase(options), options.out
    )
    _say(f"{options.out} is written: {audited.count} lines of the audit trail.")
    return max((_fail(str(cause), cause.exit_code) for cause in audited.unopened), default=0)


def _backup(options: argparse.Namespace) -> int:
    from kapnotes.app import quiet

    program = build_quiet_program()
    first, *further = quiet.back_up(program, options.vault, options.file, quiet.Spoken(program.clock, _tell))
    _say(first)
    for line in further:
        _tell(line)
    return 0


def _restore(options: argparse.Namespace) -> int:
    from kapnotes.app import quiet

    program = build_quiet_program()
    tell = quiet.Spoken(program.clock, _tell)
    text, code = quiet.bring_back(program, options.file, options.vault, with_findings=options.with_findings, tell=tell)
    (_tell if code else _say)(text)
    return code


def _salvage(options: argparse.Namespace) -> int:
    from kapnotes.app import quiet

    program = build_quiet_program()
    passphrase = _passphrase(options) if options.member else None
    tell = quiet.Spoken(program.clock, _tell)
    found, missing = quiet.salvage(
        program, options.source, options.vault, options.member, passphrase, tell, options.backups
    )
    _say(found)
    for line in missing:
        _tell(line)
    return 1 if missing else 0


def _verify(options: argparse.Namespace) -> int:
    from kapnotes.app import quiet

    passphrase = _passphrase(options) if options.member else None
    profile = None if options.no_anchors else profile_folder()
    text, code = quiet.check(
        options.vault, options.member, passphrase, as_json=options.json, profile=profile, head=options.head
    )
    if code and not options.json:
        sys.stderr.write(f"{text}\n")
    else:
        _say(text)
    return code


def _roles(text: str) -> frozenset[Role]:
    try:
        roles = frozenset(Role(word.strip().casefold()) for word in text.split(","))
    except ValueError:
        roles = frozenset()
    if not roles or Role.ADMIN in roles:
        raise KapnotesError("--roles takes therapist, medical, or therapist,medical.")
    return roles


def _passphrase(options: argparse.Namespace, *, is_new: bool = False) -> str:
    """Read the passphrase from where the options say, without the line's end."""
    if options.passphrase_file is not None or options.passphrase_fd is not None:
        source = options.passphrase_file if options.passphrase_file is not None else options.passphrase_fd
        try:
            with open(source, encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor is no path
                return file.readline(1024).rstrip("\r\n")
        except UnicodeDecodeError:
            raise KapnotesError("The passphrase that was handed in is not UTF-8.") from None
    if not sys.stdin.isatty():
        raise KapnotesError("There is no terminal to ask on; use --passphrase-file or --passphrase-fd.")
    import getpass

    passphrase = getpass.getpass("Passphrase: ")
    if is_new and getpass.getpass("Again: ") != passphrase:
        raise KapnotesError("The two passphrases differ; nothing was made.")
    return passphrase


def _tell(line: str) -> None:
    sys.stderr.write(f"kapnotes: {one_line(line)}\n")
    sys.stderr.flush()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
