/**
 * What the extension and its language server say to each other beyond the Language Server Protocol. The server has no
 * network: everything it knows of a control plane it is told.
 */
export const languageServerMethods = {
  /** Client → server, a notification: the whole of {@link ControlPlaneFacts}, whenever something in it changed; null when there is no control plane. */
  controlPlane: 'spell/controlPlane',
  /** Client → server, a notification: {@link EnvironmentFacts}; null when no interpreter is chosen. */
  environment: 'spell/environment',
  /** Client → server, a request: {@link CheckRequest}, answered with every {@link Mistake}. It reads what is saved. */
  check: 'spell/check',
  /** Client → server, a request: {@link SampleRequest}, answered with a {@link Sample}, or null where nothing tells what a payload is. */
  samplePayload: 'spell/samplePayload',
} as const;

/** A predictor for which somebody wants a payload to begin with. */
export interface SampleRequest {
  uri: string;
  classname?: string;
}

/** JSON of the shape that the predictor reads. */
export interface Sample {
  payload: unknown;
}

/** A predictor that is about to be served, to be checked as `spell server serve` checks it. */
export interface CheckRequest {
  /** Absolute. */
  files: string[];
  /** The interpreter whose packages count. */
  python?: string;
  serving: {
    entrypoint: string;
    /** No `spell.yaml` has a say. */
    alone: true;
    classname?: string;
    batching?: boolean;
    /** Null when there surely is none. */
    config?: string | null;
    models?: string[];
  };
}

/** A finding of a rule. */
export interface Mistake {
  /** Absolute. */
  file: string;
  code: string;
  severity: string;
  message: string;
  /** Zero-based, in UTF-16, as in the protocol. */
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
}

/** What a control plane has. Whatever is absent is not known, and nothing is reported about it. */
export interface ControlPlaneFacts {
  models?: ModelFacts[];
  /** `uploads/NAME` and `runs/N`. */
  resources?: string[];
  nodeGroups?: string[];
  servers?: RunningServerFacts[];
}

export interface ModelFacts {
  name: string;
  /** Newest first. `files` are paths below `/model`. */
  versions: { number: number; custom: string | null; files: string[] }[];
}

/** A model server, and which file on this machine it was served from, if that is known. */
export interface RunningServerFacts {
  owner: string;
  name: string;
  state: string;
  entrypoint: string | null;
  classname: string | null;
  /** The URI of its config file on this machine. */
  config: string | null;
  batching: boolean;
  /** `NAME:VERSION`. */
  models: string[];
  gpuLimit: number;
  /** Destinations below `/mounts`. */
  mounts: string[];
  pods: { ready: number; total: number };
}

/** The Python interpreter that the editor chose; the server reads from disk what is installed beside it. */
export interface EnvironmentFacts {
  python: string;
}

/** What the client says when it starts the server. */
export interface LanguageServerOptions {
  /** Where the rules' pages are, ending in `/`: `CODE.md` is appended. */
  rulePages?: string;
  /** Another YAML language server has our schema: key completion and syntax errors of `spell.yaml` are left to it. */
  yamlElsewhere?: boolean;
  /** The client has the extension's commands, so that code lenses can run them. */
  commands?: boolean;
  controlPlane?: ControlPlaneFacts | null;
  environment?: EnvironmentFacts | null;
}
