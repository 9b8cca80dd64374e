/**
 * A statement that always gives rows came back with none: seen when a backend is killed at a bad moment, for the driver then
 * takes the next connection's greeting for the end of the answer. What the statement did is unknown, as after a lost connection.
 */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
  readonly code = 'CONNECTION_CLOSED';

  constructor() {
    super('the connection was lost under the answer');
  }
}
