"""Why a predictor cannot start: code -> (message, hint). Written by scripts/generate-rules.ts; do not edit."""

# ruff: noqa: E501

from typing import Final

RULES: Final[dict[str, tuple[str, str]]] = {
    "entrypoint-missing": (
        "there is no file {file} in the project",
        "name the predictor file as it is called relative to the project, {root}",
    ),
    "syntax-error": (
        "{file}, line {line}, is not valid Python {python}: {problem}",
        "correct the line; if it is valid in a newer Python, choose that one with --python",
    ),
    "missing-dependency": (
        "{file} needs the package `{module}`, which {python} does not have",
        "add it with --pip, install it into that environment, or choose another one with --python",
    ),
    "import-failed": (
        "importing {file} raised {exception}",
        "the log has the traceback; run `python {file}` in {root} to see it yourself",
    ),
    "no-predictor": (
        "{file} has no subclass of BasePredictor",
        "write `class Predictor(BasePredictor):` with a method `predict(self, payload)`",
    ),
    "several-predictors": (
        "{file} has several predictors: {candidates}",
        "choose one of them with --classname, or `classname:` in spell.yaml",
    ),
    "classname-missing": (
        "{file} has no predictor called {classname}",
        "its predictors are: {candidates}",
    ),
    "predict-missing": (
        "{class} has no method `{method}`",
        "add `def {method}(self, payload):` to {class}",
    ),
    "method-not-callable": (
        "`{method}` of {class} is {found}, not a method",
        "define it with `def {method}(self, …):`",
    ),
    "predict-arguments/none": (
        "`{method}` of {class} has no parameter for the payload",
        "write `def {method}(self, payload):`",
    ),
    "predict-arguments/several": (
        "`{method}` of {class} has several parameters that nothing fills: {parameters}",
        "one takes the payload; annotate the others with Request or BackgroundTasks, use the decorators, or give them defaults",
    ),
    "injected-parameter-missing": (
        "`{decorator}` on `{method}` of {class} names the parameter `{parameter}`, which `{method}` does not have",
        "give the decorator one of these names: {parameters}; or rename the parameter",
    ),
    "injected-twice/two": (
        "`{method}` of {class} asks for the {type} twice, by `{first}` and by `{second}`",
        "keep one of the two",
    ),
    "injected-twice/disagree": (
        "`{parameter}` of `{method}` in {class} is annotated with {annotation}, but decorated to receive the {type}",
        "remove the annotation or the decorator",
    ),
    "request-in-batched-predict": (
        "`predict` of {class} asks for the Request by `{parameter}`, but batching is on, and a batch has many requests",
        "add a method `prepare(self, payload: Request)` that returns what `predict` needs, and let `predict` take a list of that",
    ),
    "config-not-mapping": (
        "the config is {found}, not a mapping of names to values",
        "its keys are the parameters of {class}.__init__: write `key: value` lines",
    ),
    "config-key-unknown": (
        "the config has the key `{key}`, which {class}.__init__ does not accept",
        "{suggestion}",
    ),
    "config-missing": (
        "{class}.__init__ needs `{parameter}`, which the config does not give",
        "add `{parameter}:` to the file that --config names, or give the parameter a default",
    ),
    "init-failed": (
        "{class}.__init__ raised {exception}",
        "the log has the traceback",
    ),
    "paths-failed": (
        "/model and /mounts could not be put in place: {problem}",
        "this is a defect of Spell or of the machine: the log has the details",
    ),
    "worker-failed": (
        "the worker could not start: {exception}",
        "this is a defect of Spell: the log has the traceback",
    ),
}
