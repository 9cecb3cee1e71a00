/** How a new predictor begins. */
export type Template = 'plain' | 'batched' | 'prepared';
export const templates: readonly Template[] = ['plain', 'batched', 'prepared'];

/** The texts of a new predictor's files, by their names. */
export type TemplateFiles = Record<'predictor.py' | 'spell.yaml' | 'payload.json', string>;

const plain = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        # What every request needs is loaded here, once: the files of a model lie below /model.
        self.greeting = "Hello"

    def predict(self, payload):
        # \`payload\` is the JSON of one request; what is returned is the JSON of its answer.
        return {"message": f"{self.greeting}, {payload['name']}!"}
`;

const batched = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        # What every request needs is loaded here, once: the files of a model lie below /model.
        self.weights = [0.5, 0.25, 0.25]

    def predict(self, payloads):
        # Requests that wait together come together: one result for each payload, in their order.
        return [{"score": self.score(payload["values"])} for payload in payloads]

    def score(self, values):
        return sum(weight * value for weight, value in zip(self.weights, values))
`;

const prepared = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        # What every request needs is loaded here, once: the files of a model lie below /model.
        self.weights = [0.5, 0.25, 0.25]

    def prepare(self, payload):
        # Runs for each request by itself, before it joins a batch: decode and check here.
        return [float(value) for value in payload["values"]]

    def predict(self, rows):
        # Gets what \`prepare\` returned, of all that wait together: one result for each, in their order.
        return [{"score": self.score(row)} for row in rows]

    def score(self, row):
        return sum(weight * value for weight, value in zip(self.weights, row))
`;

const batching = `# Up to so many requests are answered together; none waits for others to come.
enable-batching: true
max-batch-size: 16
`;

const values = '{ "values": [1, 2, 3] }\n';

/** The files of a new predictor that is served under a name. They are served as they are, and answer their payload. */
export function templateFiles(template: Template, name: string): TemplateFiles {
  const yaml = `server-name: ${yamlWord(name)}\nentrypoint: predictor.py\n`;
  switch (template) {
    case 'plain':
      return { 'predictor.py': plain, 'spell.yaml': yaml, 'payload.json': '{ "name": "Ada" }\n' };
    case 'batched':
      return { 'predictor.py': batched, 'spell.yaml': yaml + batching, 'payload.json': values };
    case 'prepared':
      return { 'predictor.py': prepared, 'spell.yaml': yaml + batching, 'payload.json': values };
    default:
      return template satisfies never;
  }
}

/** A name as YAML reads it as text: `1.0`, `no` and `null` would be something else. */
function yamlWord(name: string): string {
  const isWord = /^[A-Za-z][\w-]*$/.test(name) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(name);
  return isWord ? name : JSON.stringify(name);
}
