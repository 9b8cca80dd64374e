/** The server could not be reached, or asks to try again: the same request may succeed later. */
export class Unreachable extends Error {}

/** The server said no; `code` says why. */
export class Refused extends Error {
  constructor({ code, detail }) {
    super(detail);
    this.code = code;
  }
}

/** One request to the REST API. */
export async function rest(path, { token, body, method = body ? 'POST' : 'GET' } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const answer = await reach(`../api/v1/${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
  });
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json;
  throw answer.status >= 500 || answer.status === 429 ? new Unreachable(json.detail) : new Refused(json);
}

/** One GraphQL query: for what REST has no route. */
export async function query(text, variables, token) {
  const answer = await reach('../graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: text, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Refused({ code: errors[0].extensions?.code, detail: errors[0].message });
  return data;
}

async function reach(url, options) {
  try {
    return await fetch(url, { ...options, cache: 'no-store', signal: AbortSignal.timeout(15_000) });
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

/** A key for one tap. `crypto.randomUUID` is missing on plain http, which a phone in the same Wi-Fi uses. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
