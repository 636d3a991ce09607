"""Files of an application: told by their content, kept in place of older ones of their kind, or refused."""

from collections.abc import Mapping

from approvals.application import Attachment, FileKind
from approvals.attachments import Fetched, FileError, checked
from flows.access import Reader
from flows.desk import Desk
from flows.drafts import draft_of, filled_in, kept
from flows.form import Turn, View
from flows.form_sheet import shown
from texts.application_errors import error_text
from texts.application_lists import fetching_view


def fetching(desk: Desk, reader: Reader, draft_id: str) -> View:
    """Shown while the files of a draft are looked at."""
    return fetching_view(reader.lang, draft_of(desk, reader, draft_id).id)


def files_taken(desk: Desk, reader: Reader, draft_id: str, found: Mapping[FileKind, list[Fetched | FileError]]) -> Turn:
    """Uploads, told by their content: kept in place of older ones of their kind, or errors at their fields."""
    draft = draft_of(desk, reader, draft_id)
    taken: dict[FileKind, list[Attachment]] = {}
    errors: dict[str, str] = {}
    for kind, files in found.items():
        for one in files:
            try:
                if isinstance(one, FileError):
                    raise one
                taken.setdefault(kind, []).append(checked(one, kind))
            except FileError as wrong:
                errors.setdefault(f"files.{kind}", error_text(reader.lang, wrong))
    if errors:
        return Turn(errors=errors)
    if desk.files is not None:
        for files in found.values():
            for one in files:
                if isinstance(one, Fetched):
                    desk.files.keep(one.content)
    old = tuple(one for one in filled_in(draft).attachments if one.kind not in taken)
    every = (*old, *(one for files in taken.values() for one in files))
    to = filled_in(draft).after("files")
    draft = kept(desk, draft, step="files", attachments=every, to=to)
    return Turn(view=shown(desk, reader, draft, to))


def files_refused(desk: Desk, reader: Reader, draft_id: str, errors: Mapping[str, str]) -> View:
    """The files step with what is wrong above it: for what came out after it was left."""
    draft = draft_of(desk, reader, draft_id)
    return shown(desk, reader, draft, "files", problem="\n".join(errors.values()))
