/** Holds answers of the REST face against its own description. */
import { createRequire } from 'node:module';
import type { Answer, Json } from './api.js';

/** Throws when the answer is not as `/openapi.json` says. */
export type AnswerCheck = (method: string, path: string, answer: Answer) => void;

interface Ajv {
  addSchema(schema: object, key: string): void;
  getSchema(ref: string): ((value: unknown) => boolean) & { errors?: object[] | null };
}

/** Compiles the description; a member that it does not name counts as wrong too. */
export function createAnswerCheck(document: Json): AnswerCheck {
  // Fastify brings the validator.
  const load = createRequire(createRequire(import.meta.url).resolve('fastify'));
  const { Ajv2020 } = load('ajv/dist/2020.js') as { Ajv2020: new (options: object) => Ajv };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (load('ajv-formats') as { default: (ajv: Ajv) => void }).default(ajv);
  ajv.addSchema(closed(document), 'openapi');
  const routes = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (method, url, answer) => {
    const path = url.split('?')[0] ?? '';
    const route = routes.find(({ pattern }) => pattern.test(path));
    const operation = route && document.paths[route.path][method.toLowerCase()];
    if (!operation) return;
    const response = operation.responses[answer.status];
    const name = `${method} ${route.path} ${answer.status}`;
    if (!response) throw new Error(`${name} is not in the description: ${answer.text}`);
    const [type] = (answer.headers.get('content-type') ?? '').split(';');
    if (!answer.text) return;
    if (!response.content?.[type ?? '']) throw new Error(`${name}: ${type} is not in the description`);
    if (answer.body === undefined) return;
    const place = [
      'paths',
      route.path,
      method.toLowerCase(),
      'responses',
      String(answer.status),
      'content',
      type ?? '',
    ];
    const validate = ajv.getSchema(`openapi#/${place.map(escaped).join('/')}/schema`);
    if (!validate(answer.body)) throw new Error(`${name}: ${JSON.stringify(validate.errors)} in ${answer.text}`);
  };
}

function escaped(word: string): string {
  return encodeURIComponent(word.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Objects take no members but the named ones; free ones, and parts of a whole, stay open. */
function closed(value: Json): Json {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isWhole = value.type === 'object' && value.properties && value.additionalProperties === undefined;
  return isWhole ? { ...members, additionalProperties: false } : members;
}
