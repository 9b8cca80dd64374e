import { dishes } from '../demo-restaurant.mjs';
import { Refusal } from '../http.mjs';

/** Two phones insist on the same seq: one wins, the other learns in one trip what it missed, and rebases. @param {import('../evening.mjs').Evening} evening */
export async function collide(evening) {
  const { story, phones } = evening;
  story.act('Two phones insist on the same moment');
  const [lan, , , tuan] = phones;
  if (!lan || !tuan) throw new Error('a guest is missing');
  const seq = lan.reader.cursor;
  const racers = [lan, tuan].map((phone) => ({
    phone,
    tap: phone.newTap('add_item', { menu_item_id: dishes.caPhe, quantity: 1, note: `của ${phone.name}` }),
  }));
  const results = await Promise.all(
    racers.map(async (racer) => ({
      ...racer,
      outcome: await racer.phone.send(racer.tap, seq).catch((/** @type {unknown} */ error) => error),
    })),
  );
  const losers = results.filter(({ outcome }) => outcome instanceof Refusal && outcome.code === 'SEQ_CONFLICT');
  const [loser] = losers;
  if (losers.length !== 1 || !loser) {
    throw new Error(`of two writes at seq ${seq}, ${losers.length} got SEQ_CONFLICT`, { cause: results });
  }
  await evening.catchUp(racers.map(({ phone }) => phone).filter((phone) => phone !== loser.phone));
  await rebase(evening, loser);
  await evening.catchUp();
}

/**
 * @param {import('../evening.mjs').Evening} evening
 * @param {{ phone: import('../phone.mjs').Phone, tap: import('../types.js').Tap, outcome: any }} loser
 */
async function rebase({ story }, { phone, tap, outcome }) {
  const { current_seq, events } = outcome.problem;
  story.tell(phone.name, `gets SEQ_CONFLICT: it knew seq ${phone.reader.cursor}, the log is at ${current_seq}`);
  phone.reader.takeMissed(events);
  if (phone.reader.cursor !== current_seq)
    throw new Error(`after ${events.length} missed events the phone is at ${phone.reader.cursor}`);
  const { seq } = await phone.send(tap, current_seq);
  story.tell(phone.name, `takes the ${events.length} missed event from the refusal, sends again, and is in`, seq);
}
