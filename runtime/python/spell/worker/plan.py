"""Works out, once at start-up, how each of a predictor's methods is called: which parameter receives what.

The rules are those of `spec/behaviour.md` §1: parameters annotated with (or decorated for) Starlette's types receive
them, and the one that is left receives the parsed JSON, whatever its name. No request pays for them.
"""

from __future__ import annotations

import inspect
from typing import Any, Callable, NoReturn

from spell.serving.decorators import BACKGROUND_TASKS, REQUEST, injected_by_decorator
from spell.worker.annotations import UNRESOLVED, Resolver, is_background_tasks, is_request, signature_of
from spell.worker.job import Job
from spell.worker.start_failure import Place, StartFailure, place_of_class, place_of_method
from spell.worker.validation import item_validator, payload_validator

_PAYLOAD = "payload"
_TYPE_NAMES = {REQUEST: "Request", BACKGROUND_TASKS: "BackgroundTasks"}
_DECORATORS = {REQUEST: "with_full_request", BACKGROUND_TASKS: "with_background_tasks"}
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)

Maker = Callable[[Job], Any]
"""Makes one argument."""


class Plan:
    """How one method is called."""

    def __init__(
        self, method: str, is_async: bool, fillings: list[Filling], check_item: Callable[[Any], Any] | None = None
    ) -> None:
        self.method = method
        self.is_async = is_async
        """Whether calling it gives something to await."""
        self.needs_payload = any(filling.kind == _PAYLOAD for filling in fillings)
        """Whether the body has to be parsed."""
        self.request_parameter = next((filling.name for filling in fillings if filling.kind == REQUEST), None)
        """The parameter that receives the request."""
        self.needs_head = self.request_parameter is not None
        """Whether the request's method, path, headers and raw body have to travel to the worker."""
        self.streams_body = is_async and self.needs_head and not self.needs_payload
        """Whether a large body is read by the method itself, so that it may begin before the body is complete. A plain
        method would keep the main thread waiting for its client."""
        self.check_item = check_item
        """Makes the annotated type of one item, where the payload is the list of a batch."""
        self._fillings = fillings

    def bind(self, predictor: Any) -> Maker:
        """The method of a predictor as a function of the job alone. Raises InvalidPayload, and what the method does."""
        method = getattr(predictor, self.method)
        if len(self._fillings) == 1 and self._fillings[0].is_plain_payload:
            return lambda job: method(job.payload)
        positional = [filling.make for filling in self._fillings if filling.is_positional]
        named = [(filling.name, filling.make) for filling in self._fillings if not filling.is_positional]
        return lambda job: method(*[make(job) for make in positional], **{name: make(job) for name, make in named})


class Filling:
    """What one parameter receives."""

    def __init__(self, parameter: inspect.Parameter, kind: str, make: Maker | None) -> None:
        self.name = parameter.name
        self.kind = kind
        self.is_positional = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL)
        self.is_plain_payload = make is None and parameter.kind is not parameter.KEYWORD_ONLY
        """Whether it receives the parsed JSON as it is, and may be passed by position."""
        self.make: Maker = make or _payload_of


def _payload_of(job: Job) -> Any:
    return job.payload


class PlanMaker:
    """Makes the plans of one predictor class. Raises StartFailure for what a class does wrong."""

    def __init__(self, cls: type, root: str, *, batched: bool) -> None:
        self.cls = cls
        self.root = root
        self.batched = batched

    def predict(self) -> Plan:
        plan = self._plan("predict")
        if self.batched and plan.needs_head:
            place = place_of_method(self._function("predict"), self.cls, self.root)
            self.fail("request-in-batched-predict", place, parameter=plan.request_parameter)
        return plan

    def prepare(self) -> Plan | None:
        return self._plan("prepare") if hasattr(self.cls, "prepare") else None

    def health(self) -> Plan | None:
        """None when the class has the default one."""
        from spell.serving import BasePredictor

        raw = inspect.getattr_static(self.cls, "health")
        return None if raw is vars(BasePredictor)["health"] else self._plan("health")

    def _function(self, name: str) -> Any:
        raw = inspect.getattr_static(self.cls, name, None)
        return getattr(raw, "__func__", raw)

    def _plan(self, name: str) -> Plan:
        cls = self.cls
        raw = inspect.getattr_static(cls, name, None)
        if raw is None and not hasattr(cls, name):
            self.fail("predict-missing", place_of_class(cls, self.root), method=name)
        function = self._function(name)
        if not callable(function):
            self.fail("method-not-callable", place_of_class(cls, self.root), method=name, found=_article(raw))
        parameters = list(signature_of(function).parameters.values())
        if inspect.isfunction(function) and not isinstance(raw, staticmethod):
            parameters = _without_self(parameters)
        return _Reading(self, name, function, parameters).plan()

    def fail(self, rule: str, place: Place, **values: object) -> NoReturn:
        """Ends the start."""
        raise StartFailure(rule, place, None, **values)


class _Reading:
    """Reads one method's signature."""

    def __init__(self, maker: PlanMaker, name: str, function: Any, parameters: list[inspect.Parameter]) -> None:
        self._maker = maker
        self._name = name
        self._function = function
        self._parameters = parameters
        self._resolver = Resolver.of_method(function, maker.cls)
        self._place = place_of_method(function, maker.cls, maker.root)
        self._check_item: Callable[[Any], Any] | None = None

    def plan(self) -> Plan:
        injected = self._injected()
        fillings = [Filling(parameter, kind, self._injection(parameter, kind)) for parameter, kind in injected.values()]
        rest = [parameter for parameter in self._parameters if parameter.name not in injected]
        if self._name == "health":
            fillings += self._bare_request(rest, injected)
        else:
            fillings += self._payload(rest, injected)
        order = [parameter.name for parameter in self._parameters]
        fillings.sort(key=lambda filling: order.index(filling.name))
        return Plan(self._name, _is_async(self._function), fillings, self._check_item)

    def _injected(self) -> dict[str, tuple[inspect.Parameter, str]]:
        """Parameters that receive Starlette's objects, by annotation or decorator."""
        annotated = {parameter.name: self._annotated_kind(parameter) for parameter in self._parameters}
        kinds = {name: kind for name, kind in annotated.items() if kind is not None}
        for kind, name in injected_by_decorator(self._function):
            parameter = next((each for each in self._parameters if each.name == name), None)
            if parameter is None:
                self._fail(
                    "injected-parameter-missing", decorator=_DECORATORS[kind], parameter=name, parameters=self._names()
                )
            if (name in kinds and kinds[name] != kind) or self._contradicts(parameter, kind):
                shown = inspect.formatannotation(parameter.annotation)
                self._fail("injected-twice/disagree", parameter=name, annotation=shown, type=_TYPE_NAMES[kind])
            kinds[name] = kind
        for kind in (REQUEST, BACKGROUND_TASKS):
            names = [name for name in kinds if kinds[name] == kind]
            if len(names) > 1:
                self._fail("injected-twice/two", type=_TYPE_NAMES[kind], first=names[0], second=names[1])
        return {each.name: (each, kinds[each.name]) for each in self._parameters if each.name in kinds}

    def _annotated_kind(self, parameter: inspect.Parameter) -> str | None:
        for member in self._resolver.members(parameter.annotation):
            if is_request(member):
                return REQUEST
            if is_background_tasks(member):
                return BACKGROUND_TASKS
        return None

    def _contradicts(self, parameter: inspect.Parameter, kind: str) -> bool:
        """Whether the annotation surely means something else than what the decorator passes."""
        fits = is_request if kind == REQUEST else is_background_tasks
        members = self._resolver.members(parameter.annotation)
        loose = (UNRESOLVED, Any, object)
        return bool(members) and not any(fits(member) or member in loose for member in members)

    def _injection(self, parameter: inspect.Parameter, kind: str) -> Maker:
        fits = is_request if kind == REQUEST else is_background_tasks
        wanted = next((member for member in self._resolver.members(parameter.annotation) if fits(member)), None)
        if kind == REQUEST:
            from spell.worker.asgi import request_maker

            return request_maker(wanted)
        from spell.worker.background import tasks_maker

        return tasks_maker(wanted)

    def _payload(self, rest: list[inspect.Parameter], injected: dict[str, Any]) -> list[Filling]:
        """The parameter that takes the payload."""
        named = [parameter for parameter in rest if parameter.kind not in _VARIADIC]
        needed = [parameter for parameter in named if parameter.default is parameter.empty]
        if len(needed) > 1:
            self._fail("predict-arguments/several", parameters=", ".join(f"`{parameter.name}`" for parameter in needed))
        if needed:
            return [self._payload_filling(needed[0])]
        if injected:
            return []
        takes_all = [parameter for parameter in rest if parameter.kind is parameter.VAR_POSITIONAL]
        for parameter in named or takes_all:
            return [self._payload_filling(parameter)]
        return self._fail("predict-arguments/none")

    def _payload_filling(self, parameter: inspect.Parameter) -> Filling:
        if self._maker.batched and self._name == "predict":
            # Items are checked one by one, so that a wrong one is answered alone and never enters a batch.
            self._check_item = item_validator(parameter.annotation, self._resolver)
            return Filling(parameter, _PAYLOAD, None)
        validate = payload_validator(parameter.annotation, self._resolver)
        if validate is None:
            return Filling(parameter, _PAYLOAD, None)
        check = validate
        return Filling(parameter, _PAYLOAD, lambda job: check(job.payload))

    def _bare_request(self, rest: list[inspect.Parameter], injected: dict[str, Any]) -> list[Filling]:
        """`health(self, request)`: there is no payload, so a bare parameter means the request."""
        needed = [each for each in rest if each.kind not in _VARIADIC and each.default is each.empty]
        if not needed:
            return []
        if any(kind == REQUEST for _, kind in injected.values()) or len(needed) > 1:
            self._fail("predict-arguments/several", parameters=", ".join(f"`{parameter.name}`" for parameter in needed))
        return [Filling(needed[0], REQUEST, self._injection(needed[0], REQUEST))]

    def _names(self) -> str:
        return ", ".join(parameter.name for parameter in self._parameters) or "none"

    def _fail(self, rule: str, **values: object) -> NoReturn:
        self._maker.fail(rule, self._place, method=self._name, **values)


def _without_self(parameters: list[inspect.Parameter]) -> list[inspect.Parameter]:
    if parameters and parameters[0].kind in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    ):
        return parameters[1:]
    return parameters


def _is_async(function: Any) -> bool:
    """Also for a plain function that wraps an async one, and for an object whose call is async."""
    candidates = (function, inspect.unwrap(function), vars(type(function)).get("__call__"))
    return any(inspect.iscoroutinefunction(candidate) for candidate in candidates)


def _article(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
