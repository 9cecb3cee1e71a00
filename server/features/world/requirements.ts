import { normalizedName } from './environment.ts';

/** One requirement, as `pip` names it. */
export interface Requirement {
  /** Normalised; undefined for a URL, a path or an option. */
  readonly name: string | undefined;
  readonly text: string;
}

/** Distributions whose modules are called otherwise. */
const provides: Record<string, readonly string[]> = {
  'scikit-learn': ['sklearn'],
  'scikit-image': ['skimage'],
  pillow: ['PIL'],
  'opencv-python': ['cv2'],
  'opencv-python-headless': ['cv2'],
  'opencv-contrib-python': ['cv2'],
  pyyaml: ['yaml'],
  'python-dateutil': ['dateutil'],
  beautifulsoup4: ['bs4'],
  protobuf: ['google'],
  'python-dotenv': ['dotenv'],
  'python-multipart': ['multipart', 'python_multipart'],
  'sentence-transformers': ['sentence_transformers'],
  'tensorflow-cpu': ['tensorflow'],
  'tensorflow-gpu': ['tensorflow'],
  'onnxruntime-gpu': ['onnxruntime'],
  'faiss-cpu': ['faiss'],
  'faiss-gpu': ['faiss'],
  'pytorch-lightning': ['pytorch_lightning'],
  'google-cloud-storage': ['google'],
  'google-cloud-bigquery': ['google'],
  'prometheus-client': ['prometheus_client'],
  'psycopg2-binary': ['psycopg2'],
  pyjwt: ['jwt'],
  attrs: ['attr', 'attrs'],
  setuptools: ['setuptools', 'pkg_resources'],
  pycryptodome: ['Crypto'],
  'openai-whisper': ['whisper'],
  pymupdf: ['fitz', 'pymupdf'],
};

/** What one installs to import a module: the name in the index, where it differs from the module's. */
export function distributionFor(module: string): string {
  const preferred: Record<string, string> = {
    cv2: 'opencv-python-headless',
    tensorflow: 'tensorflow',
    google: 'google-cloud-storage',
    attr: 'attrs',
  };
  return preferred[module] ?? Object.entries(provides).find(([, modules]) => modules.includes(module))?.[0] ?? module.replaceAll('_', '-');
}

/** Reads a requirement's name. What is wrong with one is said by {@link requirementProblem}. */
export function parseRequirement(text: string): Requirement {
  const [, name] = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[|[=<>!~;@(,]|$)/.exec(text.trim()) ?? [];
  return { name: name === undefined || /^(?:https?|git\+|file):/.test(text) ? undefined : normalizedName(name), text };
}

/** The modules that a requirement surely brings; undefined when only an installation could tell. */
export function modulesOf(requirement: Requirement): readonly string[] | undefined {
  return requirement.name === undefined ? undefined : provides[requirement.name];
}

/** A requirements file's requirements: without comments, options and continued lines. `complete` is false when it names other files. */
export function parseRequirements(text: string): { requirements: Requirement[]; complete: boolean } {
  const lines = text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  const options = lines.filter((line) => line.startsWith('-'));
  return {
    requirements: lines.filter((line) => !line.startsWith('-')).map(parseRequirement),
    complete: !options.some((line) => /^(?:-r|--requirement|-e|--editable|-c|--constraint)\b/.test(line)),
  };
}

/** Says what is wrong with one requirement of `pip:` (PEP 508), or undefined. Only what is surely wrong is said. */
export function requirementProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 'it is empty';
  if (/^(?:https?|git\+\w+|file):/.test(trimmed) || /\s@\s/.test(trimmed)) return undefined;
  if (trimmed.startsWith('-')) return 'it is an option of pip: only requirements stand here';
  const [, rest] = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(trimmed) ?? [];
  if (rest === undefined) return `a name begins with a letter or a digit, not with ${JSON.stringify(trimmed[0])}`;
  const versions = rest.split(';')[0]?.trim() ?? '';
  if (versions === '' || versions.startsWith('(')) return undefined;
  for (const clause of versions.split(',').map((each) => each.trim())) {
    if (/^=(?!=)/.test(clause)) return `one "=" means nothing: write "==${clause.slice(1).trim()}"`;
    if (/^(?:===|==|!=|<=|>=|~=|<|>)\s*[\w.*+!-]+$/.test(clause)) continue;
    if (/^(?:===|==|!=|<=|>=|~=|<|>)\s*$/.test(clause)) return `no version stands behind ${clause.trim()}`;
    return `${JSON.stringify(clause)} is no version: write, say, "==1.2" or ">=1.2,<2"`;
  }
  return undefined;
}
