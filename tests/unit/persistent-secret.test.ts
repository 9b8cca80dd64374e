import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOrCreateSecret } from '../../src/config/persistent-secret.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-session-secret-'));
  path = join(folder, 'data', 'auth-secret');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('is long, stays the same and is readable for its owner only', async () => {
  const secret = await readOrCreateSecret(path);
  expect(secret.length).toBeGreaterThanOrEqual(64);
  expect(await readOrCreateSecret(path)).toBe(secret);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('is one and the same for all who start at the same instant', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => readOrCreateSecret(path)));
  expect(new Set(secrets).size).toBe(1);
  expect(await readdir(join(folder, 'data'))).toEqual(['auth-secret']);
});

test('a file without a usable secret is refused, never replaced', async () => {
  const damaged = join(folder, 'auth-secret');
  await writeFile(damaged, 'x');
  await expect(readOrCreateSecret(damaged)).rejects.toThrow(/holds no usable secret/);
});
