/** What happens at a location, as Server-Sent Events: for screens on the floor and in the kitchen. */
import { expect, test } from 'vitest';
import {
  add,
  append,
  demo,
  type Json,
  newEventKey,
  newLocation,
  newTable,
  sitDown,
  useApi,
} from '../../support/api.js';
import { type EventStream, openStreamAt, type StreamRequest } from '../../support/event-stream.js';

const api = useApi({ sseLimits: { beatMs: 300 } });

const follow = (locationId: string, asked: StreamRequest = {}): Promise<EventStream> =>
  openStreamAt(`${api.address}/api/v1/locations/${locationId}/activity/stream`, { as: demo.staff, ...asked });
const itemsOf = (stream: EventStream): readonly Json[] => stream.messages.map(({ data }) => JSON.parse(data));
const namesOf = (stream: EventStream): readonly string[] =>
  itemsOf(stream).map(({ session, event }) => `${session.session_id} ${event.event_seq} ${event.event_type}`);

test('every event of every session at the place comes once, behind a cut, too', async () => {
  const place = await newLocation(api);
  const stream = await follow(place.locationId);
  expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream']);
  const [lan, minh] = [await sitDown(api, place), await sitDown(api, await newTable(api, place.locationId))];
  await sitDown(api);
  await stream.count(4);
  stream.cut();
  for (const visit of [lan, minh]) {
    await append(api, visit, add({ menu_item_id: place.itemId }));
    await append(api, visit, { idempotency_key: newEventKey(), event_type: 'submit_round', payload: {} });
  }
  const { id } = (await stream.count(4))[3]!;
  const again = await follow(place.locationId, { headers: { 'last-event-id': id } });
  await again.count(4);
  const [before, after] = [namesOf(stream), namesOf(again)];
  expect([...before, ...after].sort()).toEqual(
    [lan, minh]
      .flatMap(({ sessionId }) =>
        ['session_opened', 'device_joined', 'add_item', 'submit_round'].map(
          (type, at) => `${sessionId} ${at + 1} ${type}`,
        ),
      )
      .sort(),
  );
  const [first] = itemsOf(again);
  expect(first).toMatchObject({
    cursor: again.messages[0]?.id,
    session: { location_id: place.locationId, status: 'open' },
  });
  const byQuery = await follow(place.locationId, { query: `cursor=${encodeURIComponent(id)}` });
  await byQuery.count(4);
  expect(namesOf(byQuery)).toEqual(after);
  for (const one of [again, byQuery]) one.cut();
});

test('a strange place or cursor, a guest and nobody are refused with a problem', async () => {
  const place = await newLocation(api);
  const visit = await sitDown(api, place);
  const codeOf = async (path: string, as?: string) =>
    (await api.rest(`GET /locations/${path}`, { ...(as && { as }) })).body.code;
  expect(await codeOf(`${demo.otherLocation}/activity/stream`, demo.staff)).toBe('NOT_FOUND');
  expect(await codeOf(`${place.locationId}/activity/stream?cursor=7`, demo.staff)).toBe('VALIDATION_FAILED');
  expect(await codeOf(`${place.locationId}/activity/stream`, visit.phone)).toBe('FORBIDDEN');
  expect(await codeOf(`${place.locationId}/activity/stream`)).toBe('UNAUTHENTICATED');
});
