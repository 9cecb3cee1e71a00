import { digestOf, manifestText } from '../../runtime/api/manifest.ts';
import type { Manifest } from '../../runtime/api/objects.ts';
import { type Settings, withDefaults } from '../../runtime/api/settings.ts';
import type { PinnedModel, RevisionSpec } from '../../runtime/platform/platform.ts';

/** Where a test puts artefacts: what an `ArtefactSource` then has by digest. */
export interface Shelf {
  put(digest: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
}

/** Answers who it is, and takes as long as it is asked to. */
export const plainPredictor = `import os
import time

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self, answer="plain"):
        self.answer = answer
        print("loaded", answer)

    def predict(self, payload):
        if isinstance(payload, dict) and "file" in payload:
            with open(payload["file"]) as file:
                return {"text": file.read(), "answer": self.answer}
        if isinstance(payload, dict) and "seconds" in payload:
            if "begun" in payload:
                open(payload["begun"], "w").close()
            time.sleep(payload["seconds"])
        return {"answer": self.answer, "pid": os.getpid()}
`;

async function putText(shelf: Shelf, text: string): Promise<{ digest: string; size: number }> {
  const bytes = Buffer.from(text);
  const digest = digestOf(bytes);
  await shelf.put(
    digest,
    (async function* () {
      yield bytes;
    })(),
  );
  return { digest, size: bytes.length };
}

/** Stores some files and returns the digest of their manifest. */
export async function putFiles(shelf: Shelf, files: Record<string, string>): Promise<string> {
  const manifest: Manifest = [];
  for (const [path, text] of Object.entries(files)) manifest.push({ path, ...(await putText(shelf, text)) });
  return (await putText(shelf, manifestText(manifest))).digest;
}

/** Stores a model version. */
export async function putModel(shelf: Shelf, name: string, files: Record<string, string>): Promise<PinnedModel> {
  return { name, version: 'v1', custom: null, manifest: await putFiles(shelf, files) };
}

export interface Project {
  files?: Record<string, string>;
  settings?: Settings;
  models?: PinnedModel[];
}

/** Stores a project, `predictor.py` unless it brings its own, and returns the specification of a revision made from it. */
export async function putProject(shelf: Shelf, { files, settings = {}, models = [] }: Project = {}): Promise<RevisionSpec> {
  const manifest = await putFiles(shelf, { 'predictor.py': plainPredictor, ...files });
  return {
    settings: withDefaults({ entrypoint: 'predictor.py', 'drain-timeout': 5, 'start-wait': 0, ...settings }),
    models,
    code: { entrypoint: 'predictor.py', manifest },
  };
}

/** Counts what it is asked, and sends it. */
export const measuringPredictor = `
from spell.serving import BasePredictor, metrics


class Predictor(BasePredictor):
    asked = None

    def predict(self, payload):
        self.asked = self.asked or metrics.prometheus.Counter("asked", "Asked")
        self.asked.inc()
        metrics.send_metric("last", payload)
        return payload
`;

/** The setting that makes {@link plainPredictor} answer with a word. */
export function answering(answer: string): Settings {
  return { config: { values: { answer } } };
}
