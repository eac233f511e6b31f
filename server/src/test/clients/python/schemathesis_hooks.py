"""Leads generated requests to things that exist, and keeps answers short, so that many can be asked for."""

import os

import schemathesis

_CAPS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "n", "best_of")
_LIMITS = {
    "/v1/chat/completions": "max_tokens",
    "/v1/completions": "max_tokens",
    "/v1/responses": "max_output_tokens",
    "/v1/messages": None,  # has to bring it
}
# what would take away what the others need, or train for minutes, only meets nobody; schemathesis learns names from answers
_SPARED = {"deleteInstance", "deleteResponse", "study", "freezeInstance", "revokeKey"}


@schemathesis.serializer("application/jsonl", "application/zip")
def plain(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


def _known(name):
    return os.environ["APPRENTICE_" + name]


def _is_kept(value):
    """Leaves one of four names as it was generated, always the same ones."""
    return sum(value.encode("utf-8", "surrogatepass")) % 4 == 0


def _lead(values, name, known):
    value = values.get(name)
    if isinstance(value, str) and not _is_kept(value):
        values[name] = known


def _shorten(body, limit):
    for name in _CAPS:
        if isinstance(body.get(name), int) and body[name] > 2:
            body[name] = 2
    if limit and body.get(limit) is None and body.get("max_completion_tokens") is None:
        body[limit] = 2


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation
    identifier = operation.definition.raw.get("operationId")
    if identifier in _SPARED:
        case.path_parameters["id"] = "nobody"
    elif isinstance(case.path_parameters, dict):
        for kind in ("instance", "lesson", "response", "model"):
            if operation.path.startswith(f"/v1/{kind}s/"):
                _lead(case.path_parameters, "id", _known(kind.upper()))
        _lead(case.path_parameters, "n", "1")
    if isinstance(case.query, dict):
        _lead(case.query, "instance", _known("INSTANCE"))
    if isinstance(case.body, dict):
        _lead(case.body, "model", "base")
        _lead(case.body, "interaction", _known("INTERACTION"))
        if operation.path in _LIMITS:
            _shorten(case.body, _LIMITS[operation.path])
