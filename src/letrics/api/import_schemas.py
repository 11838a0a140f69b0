"""The JSON Schemas of imports: their query parameters, and the preview of an upload."""

from __future__ import annotations

from typing import Final

from letrics.api.request_schemas import Schema
from letrics.records import KINDS

_TEXT: Final[Schema] = {"type": "string"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
"""The schema of a number of records, rows or cells."""

UPLOAD_PARAMETERS: Final[dict[str, Schema]] = {
    "kind": {
        "type": "string", "enum": list(KINDS),
        "description": "The kind of records. Without it, the file name and the columns decide.",
    },
    "source": {"type": "string", "description": "The source of contacts: an id in the file becomes `source:id`."},
    "map": {
        "type": "array", "items": _TEXT,
        "description": "Uses a column for a field (`Work Email=email`), or ignores it (`Notes=`).",
    },
    "filename": {"type": "string", "description": "The name of the file, which also shows its format and kind."},
    "upload": {
        "type": "string",
        "description": "The id of a stored file (`POST /v1/uploads`), instead of a file in the body.",
    },
    "preview": {
        "type": "boolean",
        "description": "Return the columns, five records and the effect of the first 1,000 rows; store nothing.",
    },
    "confirm_renames": {
        "type": "boolean",
        "description": "Import the file also if its first 10,000 rows change the names of more than 1 % of the records "
        "that they match. Without it, such an import fails before it changes anything.",
    },
    "strict": {"type": "boolean", "description": "Reject a row if one of its cells cannot be read."},
    "encoding": {"type": "string", "description": "The encoding of a file that is neither UTF-8 nor UTF-16."},
    "skip_lines": {
        "type": "integer", "minimum": 0,
        "description": "Skips lines at the start of a CSV file; the next line names the columns.",
    },
    "list_separator": {
        "type": "string",
        "description": "What separates the items of lists (default: `;`, `|`, line breaks, and some commas).",
    },
    "date_order": {
        "type": "string", "enum": ["dmy", "mdy", "ymd"],
        "description": "The order of day, month and year in dates such as `1/5/2026` (default: as columns show).",
    },
}  # fmt: skip
"""The query parameters of an upload."""

STORE_PARAMETERS: Final = {"filename": UPLOAD_PARAMETERS["filename"]}
"""The query parameters of storing a file."""

UNDO_PARAMETERS: Final[dict[str, Schema]] = {
    "cancel": {"type": "boolean", "description": "Only cancel a running import: one that has ended is not undone."},
}
"""The query parameters of undoing an import."""

LIST_PARAMETERS: Final[dict[str, Schema]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "description": "The maximum number of imports."},
    "before": {"type": "integer", "minimum": 1, "description": "Only imports with a lower id."},
    "upserts": {"type": "boolean", "default": True, "description": "Whether upserts are listed, too."},
}
"""The query parameters of the list of imports."""

PREVIEW: Final[Schema] = {
    "type": "object",
    "description": "What an import of the file would do.",
    "properties": {
        "file": {"type": "string", "description": "The name of the file."},
        "kind": {"type": "string", "enum": list(KINDS), "description": "The kind of records."},
        "columns": {
            "type": "array", "items": {"type": "object", "additionalProperties": True},
            "description": "Each column with its field, the reason, and sample values.",
        },
        "fields": {
            "type": "array", "items": _TEXT, "description": "The fields that a column can have.",
        },
        "problem": {
            "type": ["string", "null"],
            "description": "Why an import with these parameters would be refused; null if it would start.",
        },
        "records": {
            "type": "array", "items": {"type": "object", "additionalProperties": True},
            "description": "The first valid rows as records.",
        },
        "counts": {
            "type": "object", "additionalProperties": _COUNT,
            "description": "What the first 1,000 rows would do, as numbers of records, rows and cells.",
        },
        "notes": {
            "type": "array", "items": _TEXT,
            "description": "Notices about lines of the file that are not rows, such as totals after the last row.",
        },
        "name_changes": {
            "type": "array", "items": {"type": "object", "additionalProperties": True},
            "description": "The changes of names for which the import needs `confirm_renames=true`, by kind of record.",
        },
    },
    "required": ["file", "kind", "columns", "fields", "problem", "records", "counts"],
    "additionalProperties": True,
}  # fmt: skip
"""The data of a preview."""
