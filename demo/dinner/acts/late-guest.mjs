import { dishes } from '../demo-restaurant.mjs';
import { createPhone } from '../phone.mjs';
import { restProtocol } from '../protocols/rest.mjs';

/** A fifth phone scans the session's own code from a friend's screen. @param {import('../evening.mjs').Evening} evening */
export async function lateGuest(evening) {
  const { base, story, phones } = evening;
  story.act('A late guest scans a friend’s screen');
  const fragment = new URLSearchParams(new URL(phones[0]?.seat.qrUrl ?? '').hash.slice(1));
  const [sessionId, joinToken] = [fragment.get('s'), fragment.get('j')];
  if (!sessionId || !joinToken) throw new Error('qr_url has no session and join token in its fragment');
  const protocol = restProtocol(base);
  const seat = await protocol.join({ sessionId, joinToken, deviceName: 'Sáu' });
  const late = createPhone({ name: 'Sáu', protocol, seat });
  phones.push(late);
  await late.tap('add_item', { menu_item_id: dishes.cheBaMau, quantity: 1, note: 'ít đá' });
  await evening.catchUp();
  story.tell('Sáu', `has read the whole evening, seq 1 to ${late.reader.cursor}`);
}
