import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { add, append, sitDown, startApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';

const url = process.env.REDIS_TEST_URL ?? '';

test('two servers hear each other through Redis, say so, and tell nobody its password', async () => {
  const database = await createTestDatabase();
  const admin = new Redis(url);
  await admin.acl('SETUSER', 'qr-server', 'on', '>a-password', '~*', '&*', '+@all');
  const withPassword = new URL(url);
  [withPassword.username, withPassword.password] = ['qr-server', 'a-password'];
  const env = { REDIS_URL: withPassword.href };
  const servers = await Promise.all([0, 1].map(() => startApi({ databaseUrl: database.url, env })));
  const [a, b] = servers as [(typeof servers)[0], (typeof servers)[0]];
  try {
    for (const server of servers) {
      await eventually(async () => (await server.http('GET', '/readyz')).body.bells_hearing === true);
      expect((await server.http('GET', '/readyz')).body).toMatchObject({ status: 'ok', bells: 'redis' });
    }
    const visit = await sitDown(a);
    const heard = async () => Number(/^qr_bells_heard_total (\d+)/m.exec((await b.http('GET', '/metrics')).text)?.[1]);
    const before = await heard();
    await append(a, visit, add());
    await eventually(async () => (await heard()) > before);
    expect(JSON.stringify([a.logLines, b.logLines])).not.toContain('a-password');
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await admin.acl('DELUSER', 'qr-server');
    admin.disconnect();
    await database.drop();
  }
});

test('a server whose Redis is away starts, is ready, and says that it hears nobody', async () => {
  const database = await createTestDatabase();
  const server = await startApi({ databaseUrl: database.url, env: { REDIS_URL: 'redis://:a-secret@127.0.0.1:1' } });
  try {
    const { status, body } = await server.http('GET', '/readyz');
    expect([status, body.status, body.bells, body.bells_hearing]).toEqual([200, 'ok', 'redis', false]);
    await append(server, await sitDown(server), add());
    const warning = await eventually(() => server.logLines.find(({ bells }) => bells === 'redis'));
    expect(warning).toMatchObject({ level: 40, code: 'ECONNREFUSED' });
    expect(JSON.stringify(server.logLines)).not.toContain('a-secret');
  } finally {
    await server.stop();
    await database.drop();
  }
});
