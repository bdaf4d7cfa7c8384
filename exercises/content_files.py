"""Reading content that people edit as YAML: a file, a JSON Schema, and problems said in sentences.

Shared by the exercise library, the program templates, the precautions and the red flags. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

# The C loader reads the library in a tenth of the time; it is missing only where PyYAML was built without libyaml.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableFileError(ValueError):
    """The file is missing or not YAML; the message is a sentence."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in words a person who edits YAML can act on."""

    file: str
    slug: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}, {self.slug}, {self.field}: {self.message}"


class ContentError(ValueError):
    """Content does not hold together; `problems` lists every reason, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=str))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_yaml(path: Path) -> Any:
    """Raises UnreadableFileError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, in C)
    except FileNotFoundError:
        raise UnreadableFileError("The file is missing.") from None
    except yaml.YAMLError as error:
        raise UnreadableFileError(f"The file is not valid YAML: {_one_line(error)}.") from error


class ContentSchema:
    """One definition (`#/$defs/<name>`) of a JSON Schema file."""

    def __init__(self, path: Path, definition: str) -> None:
        schema = json.loads(path.read_text(encoding="utf-8"))
        self._validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]})

    def problems(self, data: object) -> list[tuple[str, str]]:
        """(field, sentence) pairs, none if the data fits."""
        return [(_field(error), _sentence(error)) for error in self._validator.iter_errors(data)]


# What `iter_errors` yields is a ValidationError whose parts are typed "maybe unset"; here they are always set: Any.


def _field(error: Any) -> str:
    """`default_dose.sets`, `muscles[0].role`; a missing field is named itself, not its parent."""
    path = ""
    for part in error.absolute_path:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return f"{path}.{missing}" if path else str(missing)
    return path or "-"


def _sentence(error: Any) -> str:
    """The schema's complaint in plain words; its own message where that is plain enough."""
    say = _SENTENCES.get(str(error.validator))
    return say(error) if say else f"{_one_line(error.message)}."


_SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "required": lambda e: "This field is missing.",
    "additionalProperties": lambda e: (
        f"{_one_line(e.message)}. Known fields: {', '.join(sorted(e.schema.get('properties', {})))}."
    ),
    "enum": lambda e: f"{_shown(e)} is not one of {', '.join(map(str, e.validator_value))}.",
    "type": lambda e: f"{_shown(e)} must be of type {_types(e.validator_value)}.",
    "minItems": lambda e: f"There must be at least {e.validator_value}, here are {len(e.instance)}.",
    "maxItems": lambda e: f"There must be at most {e.validator_value}, here are {len(e.instance)}.",
    "minimum": lambda e: f"{_shown(e)} is too small, the least is {e.validator_value}.",
    "maximum": lambda e: f"{_shown(e)} is too large, the most is {e.validator_value}.",
    "not": lambda e: str(e.validator_value["description"]),
    "contains": lambda e: "At least one muscle must have the role primary.",
}


def _shown(error: Any) -> str:
    return json.dumps(error.instance, ensure_ascii=False, default=str)


def _types(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " or ".join(wanted)


def _one_line(error: object) -> str:
    return " ".join(str(error).split()).rstrip(".")
