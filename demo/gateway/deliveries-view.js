import { el } from './elements.js';
import { clock, say } from './texts.js';

/** What the provider sent to the restaurant's server, and what that answered. */
export function deliveriesView(order) {
  const isQuiet = order.provider === 'zalopay' && order.state === 'failed';
  if (order.deliveries.length === 0 && order.state === 'open') return undefined;
  const nothing = el('p', { class: 'soft' }, isQuiet ? say().quiet : say().nothingSent);
  return el(
    'section',
    { 'aria-labelledby': 'sent' },
    el('h2', { id: 'sent' }, say().sent),
    order.deliveries.length === 0 && nothing,
    [...order.deliveries].reverse().map((delivery, index) => deliveryView(delivery, order.deliveries.length - index)),
    order.calls_again_at && el('p', { class: 'soft' }, say().again(clock(order.calls_again_at))),
  );
}

function deliveryView({ at, method, path, body, forged, answer }, number) {
  const [shortPath, query = ''] = path.split('?');
  const isTaken = answer.status >= 200 && answer.status < 300;
  return el(
    'details',
    { class: 'card', 'data-key': `sent-${number}` },
    el(
      'summary',
      {},
      el('span', { class: 'call' }, `${number}. ${method} ${shortPath}`),
      el('span', { class: `chip ${isTaken ? 'paid' : 'failed'}` }, answer.status === 0 ? '–' : String(answer.status)),
      el('span', { class: 'soft' }, clock(at), forged && ` · ${say().forgedMark}`),
      el(
        'span',
        { class: 'answer soft' },
        `${say().answered}: `,
        el('code', {}, answer.body || (answer.status === 0 ? say().noAnswer : say().empty)),
      ),
    ),
    el('h3', {}, say().request),
    el('pre', { tabindex: '0' }, query ? query.replaceAll('&', '\n&') : readable(body)),
  );
}

/** JSON with room to breathe; what is no JSON as it is. */
function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
