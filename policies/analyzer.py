"""The pack as the engine's Analyzer service; without a server, its methods are called with ``None`` as context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

from facts.display import make_presentable
from facts.tiers import Tier
from policies.config import Problem, read_properties, read_settings, read_tier
from policies.deserialize import NestingError, canonical_type, deserialize
from policies.explaining import explain
from policies.findings import Level
from policies.information import LEVELS, NAME, analyzer_info, description, severity, version
from policies.judge import EffectiveRule, Judge, Kind, Verdict, levels_in
from policies.ledger import Ledger
from policies.model import Options, Provider, Resource, ResourceRule, Rule, Stack, StackRule
from policies.project import known_stacks
from policies.registry import RULES
from policies.waivers import WAIVERS as WAIVERS_FILE
from policies.waivers import Waiver, WaiverError, load_waivers

CONFIGURATION: Final = "configuration"
"""Policy name of what the pack says about its own configuration; no rule has it."""
INPUTS: Final = "inputs"
"""Policy name of what the pack says about inputs that it cannot read; no rule has it."""
DEEPEST: Final = 100
"""How deep inputs may be nested to be judged; Python's gRPC takes about a third of it from the engine."""
WAIVERS: Final = "waivers"
"""Policy name of what the pack says about waivers; no rule has it."""

_CONFIGURED: Final = {proto.ADVISORY: Level.ADVISORY, proto.MANDATORY: Level.MANDATORY, proto.REMEDIATE: Level.MANDATORY}
"""The pack repairs nothing: where repair is asked for, the violation stops the update, as in the stock server."""

Context = grpc.ServicerContext | None


@dataclass(frozen=True)
class _Plan:
    """What to do with resources of one type."""

    type: str
    rules: tuple[EffectiveRule[ResourceRule], ...]
    kept: bool
    """Whether a stack rule wants the inputs at the end."""


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Judges resources by ``rules``.

    ``today`` is the day by which waivers expire, today in UTC where it is None. ``problems`` are reported with the first answer, before
    anything is created. ``known_stacks`` are those that waivers may name. Until :meth:`ConfigureStack` the stack counts as production.
    """

    def __init__(
        self,
        rules: Sequence[Rule] = RULES,
        waivers: Sequence[Waiver] = (),
        today: dt.date | None = None,
        problems: Sequence[Problem] = (),
        known_stacks: Collection[str] = (),
    ) -> None:
        self._rules = {rule.name: rule for rule in rules}
        self._models = {rule.name: rule.settings for rule in rules if rule.settings is not None}
        self._waivers, self._today = waivers, today
        self._startup_problems, self._known_stacks = problems, known_stacks
        self._start(proto.AnalyzerStackConfigureRequest())

    # -- configuration --------------------------------------------------------------------------------------------------------

    def _start(self, request: proto.AnalyzerStackConfigureRequest) -> None:
        """Forget all of an earlier stack."""
        config = dict(request.config)
        tier, of_tier = read_tier(request.stack, config)
        self._settings, self._given, of_settings = read_settings(config, self._models)
        self._stack = Stack(name=request.stack, project=request.project, tier=tier, config=config, settings=self._given)
        self._problems = [*self._startup_problems, *of_tier, *of_settings]
        self._ledger = Ledger(
            waivers=self._waivers,
            today=self._today or dt.datetime.now(tz=dt.UTC).date(),
            stack=request.stack,
            in_production=self._stack.is_production,
            known_stacks=self._known_stacks,
        )
        self._verdicts: dict[tuple[str, str, str], Verdict] = {}
        self._told: dict[str, Level] = {}
        self._inputs: dict[str, Mapping[str, Any]] = {}
        self._providers: dict[str, Provider] = {}
        self._arrange({})

    def _arrange(self, configured: Mapping[str, proto.EnforcementLevel.ValueType]) -> None:
        """Find the rules that speak in this tier; ``configured`` are the levels of the engine's policy configuration."""
        self._judge = Judge(self._stack, self._ledger, self._settings.undecided)
        self._by_type: dict[str, list[EffectiveRule[ResourceRule]]] = {}
        self._stack_rules: list[EffectiveRule[StackRule]] = []
        self._plans: dict[str, _Plan | None] = {}
        for rule in self._rules.values():
            levels = levels_in(rule, self._stack.tier)
            level = configured.get(rule.name)
            if not levels or level == proto.DISABLED:
                continue
            # The engine sends every level back that it was told: only another one is somebody's wish.
            asked = None if level is None else _CONFIGURED[level]
            if asked is self._told.get(rule.name):
                asked = None
            if isinstance(rule, StackRule):
                self._stack_rules.append(EffectiveRule(rule, levels, asked))
            else:
                for each in dict.fromkeys(rule.types):
                    self._by_type.setdefault(canonical_type(each), []).append(EffectiveRule(rule, levels, asked))
        self._kept_types = {canonical_type(each) for effective in self._stack_rules for each in effective.rule.types}

    def Handshake(self, request: proto.AnalyzerHandshakeRequest, context: Context) -> proto.AnalyzerHandshakeResponse:  # noqa: ARG002, N802 # the protocol's
        """Nothing to agree on."""
        return proto.AnalyzerHandshakeResponse()

    def ConfigureStack(self, request: proto.AnalyzerStackConfigureRequest, context: Context) -> proto.AnalyzerStackConfigureResponse:  # noqa: ARG002, N802 # the protocol's
        """Take up a stack, and forget all of the one before."""
        self._start(request)
        return proto.AnalyzerStackConfigureResponse()

    def Configure(self, request: proto.ConfigureAnalyzerRequest, context: Context) -> Empty:  # noqa: ARG002, N802 # the protocol's
        """Take over levels and properties of rules from the engine's policy configuration."""
        given = {name: deserialize(each.properties) for name, each in request.policyConfig.items()}
        settings, problems = read_properties(given, self._models)
        self._problems.extend(problems)
        # The engine sends the defaults of every rule back, too: they are nobody's wish, and the stack's stand.
        wished = {model: setting for model, setting in settings.items() if setting != model()}
        self._stack = replace(self._stack, settings={**self._given, **wished})
        self._arrange({name: each.enforcementLevel for name, each in request.policyConfig.items()})
        return Empty()

    def GetAnalyzerInfo(self, request: Empty, context: Context) -> proto.AnalyzerInfo:  # noqa: ARG002, N802 # the protocol's
        """The pack and its rules, with the levels of this stack's tier; those of production where the tier leaves a rule out."""
        self._told = {name: _strictest(rule, self._stack.tier) for name, rule in self._rules.items()}
        return analyzer_info((rule, self._told[name]) for name, rule in self._rules.items())

    def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:  # noqa: ARG002, N802 # the protocol's
        """The version of the pack."""
        return plugin_pb2.PluginInfo(version=version())

    def Cancel(self, request: Empty, context: Context) -> Empty:  # noqa: ARG002, N802 # the protocol's
        """Nothing to cancel: an answer takes less than a millisecond."""
        return Empty()

    # -- judging --------------------------------------------------------------------------------------------------------------

    def Analyze(self, request: proto.AnalyzeRequest, context: Context) -> proto.AnalyzeResponse:  # noqa: ARG002, N802 # the protocol's
        """Judge the inputs of one resource."""
        response = proto.AnalyzeResponse()
        self._report_problems(response)
        plan = self._plan(request.type)
        if plan is None:
            return response
        properties = self._read(response, request.urn, request.properties)
        if properties is None:
            return response
        if plan.kept:
            self._inputs[request.urn] = properties
        resource = Resource(
            urn=request.urn,
            type=plan.type,
            name=request.name,
            properties=properties,
            options=_options(request.options, request.options.parent),
            provider=self._provider(request.provider),
        )
        for effective in plan.rules:
            self._report(response, self._judge.resource(effective, resource))
        return response

    def AnalyzeStack(self, request: proto.AnalyzeStackRequest, context: Context) -> proto.AnalyzeResponse:  # noqa: ARG002, N802 # the protocol's
        """Judge the stack as a whole, and say which waivers nobody needs."""
        response = proto.AnalyzeResponse()
        self._report_problems(response)
        resources = list(self._of_stack(response, request.resources))
        for effective in self._stack_rules:
            types = {canonical_type(each) for each in effective.rule.types}
            self._report(response, self._judge.stack(effective, [each for each in resources if each.type in types]))
        for waiver, reason in self._ledger.stale():
            message = f"[{waiver.requirement}] the waiver of {waiver.resource} by {waiver.owner} {reason}. Remove it or mend it."
            self._report(response, [Verdict(policy=WAIVERS, message=message, level=Level.ADVISORY, urn="", kind=Kind.CONFIGURATION)])
        return response

    def Remediate(self, request: proto.AnalyzeRequest, context: Context) -> proto.RemediateResponse:  # noqa: ARG002, N802 # the protocol's
        """The pack repairs nothing: what is declared is what is deployed."""
        return proto.RemediateResponse()

    def _plan(self, token: str) -> _Plan | None:
        """What to do with resources of type ``token``; None where no rule asks for them."""
        try:
            return self._plans[token]
        except KeyError:
            canonical = canonical_type(token)
            effective, kept = tuple(self._by_type.get(canonical, ())), canonical in self._kept_types
            plan = self._plans[token] = _Plan(canonical, effective, kept) if effective or kept else None
            return plan

    def _read(self, response: proto.AnalyzeResponse, urn: str, struct: Struct) -> dict[str, Any] | None:
        """The properties of a resource; where they are nested too deeply None, and it is said so."""
        try:
            return deserialize(struct, DEEPEST)
        except NestingError:
            message = f"the inputs are nested more than {DEEPEST} levels deep, so no rule can judge them. Nest them less deeply."
            self._report(response, [Verdict(policy=INPUTS, message=message, level=Level.MANDATORY, urn=urn, kind=Kind.FAILURE)])
            return None

    def _of_stack(self, response: proto.AnalyzeResponse, resources: Iterable[proto.AnalyzerResource]) -> Iterator[Resource]:
        """The resources that stack rules ask for, in order, with their inputs.

        The engine shows outputs here: what a provider computes is unknown at preview even where the program leaves it unset. Only a
        resource that was not analyzed by itself is taken as shown.
        """
        for each in resources:
            plan = self._plan(each.type)
            if plan is None or not plan.kept:
                continue
            shown = self._inputs.get(each.urn)
            properties = self._read(response, each.urn, each.properties) if shown is None else shown
            if properties is None:
                continue
            needed = dict.fromkeys((*each.dependencies, *(urn for below in each.propertyDependencies.values() for urn in below.urns)))
            yield Resource(
                urn=each.urn,
                type=plan.type,
                name=each.name,
                properties=properties,
                options=_options(each.options, each.parent or each.options.parent),
                dependencies=tuple(needed),
                provider=self._provider(each.provider),
            )

    def _provider(self, shown: proto.AnalyzerProviderResource) -> Provider | None:
        """The provider of a resource, which is read once; None where the engine shows none."""
        if shown.urn and shown.urn not in self._providers:
            try:
                properties = deserialize(shown.properties, DEEPEST)
            except NestingError:
                return None
            self._providers[shown.urn] = Provider(urn=shown.urn, type=shown.type, properties=properties)
        return self._providers.get(shown.urn)

    def _report(self, response: proto.AnalyzeResponse, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            diagnostic = _diagnostic(verdict, self._rules.get(verdict.policy))
            self._verdicts[_key(diagnostic)] = verdict
            response.diagnostics.append(diagnostic)

    def _report_problems(self, response: proto.AnalyzeResponse) -> None:
        """Say once what is wrong with the configuration: with the first answer, before anything is created."""
        self._report(
            response,
            [
                Verdict(policy=CONFIGURATION, message=each.message, level=each.level, urn="", kind=Kind.CONFIGURATION)
                for each in self._problems
            ],
        )
        self._problems = []

    def explain(self, diagnostic: proto.AnalyzeDiagnostic) -> Mapping[str, Any]:
        """What the protocol has no field for: the parts of a diagnostic of this stack, see :func:`policies.explaining.explain`.

        The engine cannot ask this; who runs the pack in process can.
        """
        verdict = self._verdicts[_key(diagnostic)]
        return explain(verdict, today=self._ledger.today, in_production=self._stack.is_production)


def load_analyzer(project_dir: Path) -> Analyzer:
    """The pack of a project: every rule, and the waivers of its repository.

    Raises:
        WaiverError: the file of waivers is wrong.
    """
    return Analyzer(waivers=load_waivers(project_dir / "policies" / WAIVERS_FILE.name), known_stacks=known_stacks(project_dir))


def default_analyzer() -> Analyzer:
    """The pack as it is served: every rule, and the waivers of the repository; where their file is wrong, none and its problems."""
    try:
        return load_analyzer(WAIVERS_FILE.parent.parent)
    except WaiverError as error:
        return Analyzer(problems=[Problem(each) for each in error.problems])


def _strictest(rule: Rule, tier: Tier) -> Level:
    levels = levels_in(rule, tier) or levels_in(rule, Tier.PRODUCTION)
    return Level.MANDATORY if Level.MANDATORY in levels.values() else Level.ADVISORY


def _options(options: proto.AnalyzerResourceOptions, parent: str) -> Options:
    return Options(protect=options.protect, parent=parent)


def _diagnostic(verdict: Verdict, rule: Rule | None = None) -> proto.AnalyzeDiagnostic:
    return proto.AnalyzeDiagnostic(
        policyName=verdict.policy,
        policyPackName=NAME,
        policyPackVersion=version(),
        description=description(rule) if rule else f"the pack's {verdict.policy}",
        # One line each: a name with a line feed in it cannot begin a line that looks like the report's own.
        message=make_presentable(verdict.message).replace("\n", "\\n"),
        enforcementLevel=LEVELS[verdict.level],
        urn=verdict.urn,
        severity=severity(rule) if rule else proto.POLICY_SEVERITY_UNSPECIFIED,
    )


def _key(diagnostic: proto.AnalyzeDiagnostic) -> tuple[str, str, str]:
    return diagnostic.policyName, diagnostic.urn, diagnostic.message
