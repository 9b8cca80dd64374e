import type { FastifyRequest } from 'fastify';

/** What came in a body: JSON values, or the texts of a form. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object or a form; undefined: it is neither. */
export function readFields(request: FastifyRequest): Fields | undefined {
  const body = typeof request.body === 'string' ? request.body : '';
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body));
  if (!type.startsWith('application/json')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** A field as text: what is neither text nor a whole number counts as absent. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : '';
}

/** A positive whole number; 0: it is none. */
export function positive(value: string): number {
  return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : 0;
}
