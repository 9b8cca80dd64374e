import 'reflect-metadata';
import { expect, test, vi } from 'vitest';
import { presentMenu } from '../../../src/resolvers/present-menu.js';
import { demo, newLocation, newTable, sitDown, useApi } from '../../support/api.js';
import { eventually } from '../../support/eventually.js';
import { openSocket, type RawSocket } from '../../support/raw-socket.js';

// Every execution for a menu turns it into a GraphQL object, so that is where they can be counted.
vi.mock('../../../src/resolvers/present-menu.js', async (original) => {
  const real = await original<Record<'presentMenu', (menu: never) => unknown>>();
  return { ...real, presentMenu: vi.fn(real.presentMenu) };
});

const api = useApi();
const document =
  'subscription ($at: UUID!, $language: String, $after: String) { menuChanges(locationId: $at, language: $language, after: $after) { version } }';
const executions = (version: number) =>
  vi.mocked(presentMenu).mock.calls.filter(([menu]) => menu.version === version).length;

test('one execution serves everybody in the restaurant who asks for the same: phones of all tables, and staff', async () => {
  const place = await newLocation(api);
  const sockets: RawSocket[] = [];
  const follow = async (as: string, variables: object = {}) => {
    const socket = await openSocket(api, { as });
    sockets.push(socket);
    socket.run('1', document, { at: place.locationId, ...variables });
    await eventually(() => socket.items('1').length > 0);
  };
  const sell = (available: boolean) =>
    api.graphql(
      'mutation ($input: SetAvailabilityInput!) { setAvailability(input: $input) { menuItem { available } } }',
      { input: { menuItemId: place.itemId, available } },
      { as: demo.staff },
    );
  const delivered = (version: number) =>
    eventually(() => sockets.every((socket) => socket.items('1').at(-1)?.version === version));

  for (let n = 0; n < 5; n += 1) await follow((await sitDown(api, await newTable(api, place.locationId))).phone);
  await follow(place.token);
  await follow(demo.staff, { after: '0.open' });
  await follow(demo.manager);
  await sell(false);
  await delivered(2);
  expect(executions(2)).toBe(1);

  await follow(demo.cashier, { language: 'en' });
  await sell(true);
  await delivered(3);
  expect(executions(3)).toBe(2);
  for (const socket of sockets) await socket.close();
});
