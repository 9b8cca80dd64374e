import { table } from '../demo-restaurant.mjs';
import { createEvening } from '../evening.mjs';
import { createPhone } from '../phone.mjs';
import { graphqlProtocol } from '../protocols/graphql.mjs';
import { restProtocol } from '../protocols/rest.mjs';

/**
 * Four phones scan the table's printed code at the same moment; exactly one of them opens the session.
 * @param {import('../evening.mjs').Stage} stage
 */
export async function sitDown(stage) {
  const { base, staff, story } = stage;
  story.act('Four guests sit down');
  const leftover = await staff.sessionAt(table.id);
  if (leftover) {
    await staff.close(leftover, 'left over from an earlier dinner demonstration');
    story.tell('staff', `closes what was still open at table ${table.name}`);
  }
  const guests = [
    { name: 'Lan', protocol: restProtocol(base) },
    { name: 'Minh', protocol: graphqlProtocol(base, 'text') },
    { name: 'Hoa', protocol: restProtocol(base) },
    { name: 'Tuấn', protocol: graphqlProtocol(base, 'id') },
  ];
  const phones = await Promise.all(
    guests.map(async ({ name, protocol }) => {
      const seat = await protocol.open({ tableToken: table.token, deviceName: name });
      return createPhone({ name, protocol, seat });
    }),
  );
  for (const { name, label, seat } of phones) {
    story.tell(name, `(${label}) ${seat.isOpened ? 'opens the session of' : 'joins'} table ${table.name}`);
  }
  expectOneSession(phones);
  const evening = createEvening(stage, { sessionId: phones[0]?.seat.sessionId ?? '', phones });
  await evening.catchUp();
  return evening;
}

/** @param {readonly import('../phone.mjs').Phone[]} phones */
function expectOneSession(phones) {
  const sessions = new Set(phones.map(({ seat }) => seat.sessionId));
  const openers = phones.filter(({ seat }) => seat.isOpened);
  if (sessions.size !== 1 || openers.length !== 1) {
    throw new Error(
      `four scans gave ${sessions.size} sessions, and ${openers.length} phones were told they opened one`,
    );
  }
}
