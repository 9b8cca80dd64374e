/** The embedded server cannot be started or used; the message is one line for the person at the terminal. */
export class EmbeddedDatabaseError extends Error {
  override readonly name: string = 'EmbeddedDatabaseError';
}

/** Another living process already runs the server of this data directory. */
export class DataDirectoryInUseError extends EmbeddedDatabaseError {
  override readonly name = 'DataDirectoryInUseError';
}
