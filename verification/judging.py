"""Lets the pack judge live resources as it judges declared ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct

from offline.analysis import Analysis, Pack
from offline.recording import Diagnostic, RecordedResource, Run
from offline.urns import STACK_TYPE, make_urn
from offline.wire import UNKNOWN_TEXT
from policies.analyzer import CONFIGURATION, WAIVERS
from policies.values import UNKNOWN, Secret
from verification.live import LiveResource
from verification.matching import match


def judge(
    live: Sequence[LiveResource],
    declared: Run,
    pack: Pack,
    *,
    elsewhere: Sequence[RecordedResource] = (),
    config: Mapping[str, str],
    secret_keys: frozenset[str],
) -> Sequence[Diagnostic]:
    """Judge ``live`` as resources of the stack of ``declared``, under its tier and waivers; what is said names ARNs.

    A resource that the program declares keeps its URN there, which waivers name, and takes from there what
    no account knows; of others that is unknown. What is ``elsewhere``, such as in the cluster, is not looked
    at: it counts as it is declared, as the partner of what is looked at, and nothing is said of it. What
    the pack says of waivers that nothing needs is left out: most are for what is in the cluster.
    """
    described = {resource.urn: resource for resource in declared.resources}
    urns = {one.arn: urn for urn, one in match(declared.resources, live).items()}
    arns = {urns.get(one.arn) or _urn(declared, one): one.arn for one in live}
    by_arn = {arn: urn for urn, arn in arns.items()}
    root = make_urn(stack=declared.stack, project=declared.project, parent="", token=STACK_TYPE, name="verification")
    analysis = Analysis(pack, stack=declared.stack, project=declared.project, config=config, secret_keys=secret_keys)
    resources: dict[str, RecordedResource] = {}
    for one in live:
        urn = by_arn[one.arn]
        resources[urn] = RecordedResource(
            urn=urn,
            type=one.type,
            name=one.key,
            custom=True,
            parent="",
            properties=_properties(one, described.get(urn)),
            options={},
            dependencies=[by_arn[arn] for arn in one.follows if arn in by_arn],
            property_dependencies={},
        )
        analysis.judge(resources[urn], resources)
    for other in elsewhere:
        resources[other.urn] = other
        analysis.judge(other, resources)
    analysis.judge_stack(resources, root)
    unseen = {each.urn for each in elsewhere}
    heard = [each for each in analysis.diagnostics if each.policy not in {CONFIGURATION, WAIVERS} and each.urn not in unseen]
    said = [replace(each, urn=arns.get(each.urn, each.urn)) for each in heard]
    return sorted(said, key=lambda each: (each.urn, each.policy, each.message))


def _urn(declared: Run, one: LiveResource) -> str:
    return make_urn(stack=declared.stack, project=declared.project, parent="", token=one.type, name=one.key)


def _properties(one: LiveResource, declared: RecordedResource | None) -> Struct:
    inputs: dict[str, Any] = dict(one.inputs)
    for key in one.unknown:
        content = UNKNOWN if declared is None else declared.inputs.get(key)
        if content is not None:
            inputs[key] = UNKNOWN_TEXT if content is UNKNOWN or isinstance(content, Secret) else content
    return ParseDict(inputs, Struct())
