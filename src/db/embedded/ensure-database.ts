import postgres from 'postgres';

/** The database that the embedded server holds for this program. */
export const DATABASE = 'qr_session';

/** Proves that the server answers, and creates the database on the first start. */
export async function ensureDatabase(url: string): Promise<void> {
  if (await canQuery(url)) return;
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const sql = connect(maintenance.href);
  try {
    await sql.unsafe(`create database ${DATABASE}`);
  } finally {
    await sql.end();
  }
}

async function canQuery(url: string): Promise<boolean> {
  const sql = connect(url);
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    const unknownDatabase = '3D000';
    if (error instanceof postgres.PostgresError && error.code === unknownDatabase) return false;
    throw error;
  } finally {
    await sql.end();
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, connect_timeout: 10, fetch_types: false, prepare: false, onnotice: () => undefined });
}
