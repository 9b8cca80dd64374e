import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * The documents in `operations/`. The server has them in its list, so a phone may send the id instead of the text.
 * @param {string} name of the file
 */
export function loadDocument(name) {
  const text = readFileSync(new URL(`../operations/${name}.graphql`, import.meta.url), 'utf8').trimEnd();
  return { text, id: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

/** @typedef {ReturnType<typeof loadDocument>} Document */
