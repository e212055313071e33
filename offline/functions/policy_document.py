"""``aws.iam.get_policy_document``, rendered as the AWS provider renders it (its data source aws_iam_policy_document)."""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from offline.functions.call import Call
from offline.go_json import go_json

_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_EFFECTS: Final = ("Allow", "Deny")
# What the provider writes, in its order; the keys of documents, then those of statements.
_DOCUMENT: Final = ("Version", "Id", "Statement")
_STATEMENT: Final = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")

Document = dict[str, Any]
Statement = dict[str, Any]


def get_policy_document(call: Call) -> dict[str, Any]:
    """The document: source documents first, the statements over them by Sid, override documents over all.

    Raises:
        FunctionArgumentError: a Sid stands twice among the source documents or the statements, or a value is not allowed.
    """
    version = call.args.get("version") or _VERSIONS[0]
    if version not in _VERSIONS:
        raise call.refusal(f"version {version!r}; allowed are {', '.join(_VERSIONS)}")
    sources = [_parsed(call, text, "sourcePolicyDocuments") for text in call.args.get("sourcePolicyDocuments") or () if text]
    own = [_statement(call, given, version) for given in call.args.get("statements") or ()]
    overrides = [_parsed(call, text, "overridePolicyDocuments") for text in call.args.get("overridePolicyDocuments") or () if text]
    _refuse_repeated(call, [statement for source in sources for statement in source["Statement"]])
    _refuse_repeated(call, own)
    merged: Document = {"Version": "", "Id": "", "Statement": []}
    for document in (*sources, {"Version": version, "Id": call.args.get("policyId") or "", "Statement": own}, *overrides):
        _merge(merged, document)
    merged = {key: merged[key] for key in _DOCUMENT if merged[key]}
    text = go_json(merged, indent=2)
    return {
        **call.args,
        "version": version,
        "json": text,
        "minifiedJson": go_json(merged),
        "id": str(binascii.crc32(text.encode())),
    }


def _merge(merged: Document, document: Document) -> None:
    merged["Id"] = document["Id"] or merged["Id"]
    merged["Version"] = max(merged["Version"], document["Version"])
    statements: list[Statement] = merged["Statement"]
    for statement in document["Statement"]:
        same = [index for index, each in enumerate(statements) if "Sid" in statement and each.get("Sid") == statement["Sid"]]
        if same:
            statements[same[0]] = statement
        else:
            statements.append(statement)


def _refuse_repeated(call: Call, statements: Sequence[Statement]) -> None:
    sids = [statement["Sid"] for statement in statements if "Sid" in statement]
    for sid in sorted({sid for sid in sids if sids.count(sid) > 1}):
        raise call.refusal(f"duplicate Sid ({sid}); remove the Sid or ensure the Sid is unique")


# -- statements from arguments -------------------------------------------------------------------------------------------------


def _statement(call: Call, given: Mapping[str, Any], version: str) -> Statement:
    effect, sid = given.get("effect") or _EFFECTS[0], given.get("sid") or ""
    if effect not in _EFFECTS:
        raise call.refusal(f"effect {effect!r}; allowed are {', '.join(_EFFECTS)}")
    if not re.fullmatch("[a-zA-Z0-9]*", sid):
        raise call.refusal(f"Sid {sid!r}; it must only include alphanumeric characters")

    def replaced(values: Sequence[str]) -> list[str]:
        """``&{…}`` is how a program writes IAM's ``${…}``; the provider leaves actions alone."""
        if version == _VERSIONS[1] and any("&{" in value for value in values):
            raise call.refusal(f"found a &{{ sequence, which is not supported in document version {version}")
        return [value.replace("&{", "${") for value in values]

    def principals(key: str) -> list[tuple[str, list[str]]]:
        return [(each["type"], replaced(each["identifiers"])) for each in given.get(key) or ()]

    conditions = [(each["test"], each["variable"], replaced(each["values"])) for each in given.get("conditions") or ()]
    return _ordered(
        {
            "Sid": sid,
            "Effect": effect,
            "Action": _descending(given.get("actions") or ()),
            "NotAction": _descending(given.get("notActions") or ()),
            "Resource": _descending(replaced(given.get("resources") or ())),
            "NotResource": _descending(replaced(given.get("notResources") or ())),
            "Principal": _principals(principals("principals")),
            "NotPrincipal": _principals(principals("notPrincipals")),
            "Condition": _conditions(conditions),
        }
    )


def _descending(values: Sequence[str]) -> str | list[str]:
    """One value by itself, several as a set in descending order, as the provider writes them."""
    distinct = sorted(set(values), reverse=True)
    return distinct[0] if len(distinct) == 1 else distinct


def _principals(given: Sequence[tuple[str, list[str]]]) -> str | dict[str, str | list[str]]:
    if [(kind, sorted(set(identifiers))) for kind, identifiers in given] == [("*", ["*"])]:
        return "*"
    by_type: dict[str, list[str]] = {}
    single: dict[str, bool] = {}
    for kind, identifiers in given:
        single[kind] = kind not in single and len(set(identifiers)) == 1
        by_type.setdefault(kind, []).extend(sorted(set(identifiers), reverse=True))
    return {kind: by_type[kind][0] if single[kind] else by_type[kind] for kind in sorted(by_type)}


def _conditions(given: Sequence[tuple[str, str, list[str]]]) -> dict[str, dict[str, str | list[str]]]:
    tests: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in given:
        tests.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {
        test: {variable: values[0] if len(values) == 1 else values for variable, values in sorted(tests[test].items())}
        for test in sorted(tests)
    }


# -- statements from documents -------------------------------------------------------------------------------------------------


def _parsed(call: Call, text: str, argument: str) -> Document:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise call.refusal(f"a document in {argument} is no JSON: {error}") from None
    statements = document.get("Statement") or [] if isinstance(document, dict) else None
    if not isinstance(statements, list):
        raise call.refusal(f"a document in {argument} has no list of statements")
    return {"Version": document.get("Version", ""), "Id": document.get("Id", ""), "Statement": [_read(each) for each in statements]}


def _read(statement: Mapping[str, Any]) -> Statement:
    """A statement of a document: lists stay as they are written, principals and conditions are put in order."""
    read = {key: statement[key] for key in _STATEMENT if key in statement}
    for key in ("Principal", "NotPrincipal"):
        if key in read:
            by_type = {"*": ["*"]} if isinstance(read[key], str) else read[key]
            read[key] = (
                "*"
                if by_type in ({"*": ["*"]}, {"*": "*"})
                else {
                    kind: identifiers if isinstance(identifiers, str) else sorted(identifiers, reverse=True)
                    for kind, identifiers in sorted(by_type.items())
                }
            )
    if "Condition" in read:
        read["Condition"] = _conditions(
            [(test, variable, _listed(values)) for test, variables in read["Condition"].items() for variable, values in variables.items()]
        )
    return _ordered(read)


def _listed(values: Any) -> list[str]:
    if isinstance(values, list):
        return list(values)
    return [values if isinstance(values, str) else json.dumps(values)]


def _ordered(statement: Statement) -> Statement:
    return {key: statement[key] for key in _STATEMENT if statement.get(key)}
