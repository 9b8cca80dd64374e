import type { Problem } from './read-values.js';

/** The start is refused. `message` has one line for each bad value, and no secret in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ text }) => text).join('\n'));
  }
}
