/** A migration was refused or failed; the message is one line for the person at the terminal. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
