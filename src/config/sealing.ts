import type { Config } from './shape.js';

/** What the key for stored secrets is made of. */
export interface SealingConfig extends Pick<Config, 'secretsKey' | 'secretsKeyPrevious' | 'auth'> {
  readonly dataDir: string;
}

/**
 * The texts of the keys for stored secrets: the first one seals, all of them open. The auth secrets are among them, so that
 * SECRETS_KEY can be introduced, or left to follow AUTH_SECRET, without losing what is stored.
 */
export function sealingTexts(
  { secretsKey, secretsKeyPrevious, auth }: Pick<SealingConfig, 'secretsKey' | 'secretsKeyPrevious' | 'auth'>,
  authSecret: string | undefined,
): readonly string[] {
  const texts = [secretsKey ?? authSecret, secretsKeyPrevious, authSecret, auth.previousSecret];
  return [...new Set(texts.filter((text) => text !== undefined))];
}
