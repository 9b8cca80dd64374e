import { newKey, rest } from './api.js';
import { el } from './elements.js';
import { money, say } from './texts.js';

const methods = { momo: 'MoMo', vnpay: 'VNPay', zalopay: 'ZaloPay', bank_transfer: 'VietQR' };

/** Which part of the bill, and through whom. The page then goes to where the guest pays, and is come back to without a code. */
export function openPaySheet(sheet, { seat, snapshot }) {
  const problem = el('p', { class: 'problem', role: 'alert' });
  const pay = el('button', { class: 'main wide' }, say().pay);
  // One key for all taps on this sheet: a lost answer starts no second payment.
  let key = newKey();
  const submit = async (event) => {
    event.preventDefault();
    const { method, split } = Object.fromEntries(new FormData(event.currentTarget));
    pay.disabled = true;
    try {
      const body = { idempotency_key: key, method, split: splits(snapshot)[split] };
      leaveFor(await rest(`sessions/${seat.sessionId}/payment-intents`, { token: seat.token, body }));
    } catch (error) {
      if (error.code) key = newKey();
      problem.textContent = say().refusals[error.code] ?? (error.code ? error.message : say().offline);
      pay.disabled = false;
    }
  };
  const onchange = () => {
    key = newKey();
  };
  sheet.replaceChildren(
    el(
      'form',
      { onsubmit: submit, onchange },
      el(
        'div',
        { class: 'row' },
        el('h1', { id: 'sheet-title' }, `${say().due} ${money(snapshot.due, snapshot.currency)}`),
        el('button', { type: 'button', 'aria-label': say().close, onclick: () => sheet.close() }, '✕'),
      ),
      choice('split', say().part, Object.fromEntries(Object.keys(splits(snapshot)).map(named(snapshot)))),
      choice('method', say().through, methods),
      problem,
      pay,
    ),
  );
  sheet.showModal();
}

/** Parts of the bill as the API knows them; with one guest there is nobody to share with. */
function splits({ devices }) {
  const parts = devices.filter(({ state }) => state === 'admitted').length;
  const share = parts >= 2 && parts <= 20 ? { share: { type: 'share', parts } } : {};
  return { all: { type: 'all' }, lines: { type: 'lines' }, ...share };
}

function named(snapshot) {
  return (split) => [split, say().parts[split](splits(snapshot)[split].parts)];
}

function choice(name, legend, options) {
  return el(
    'fieldset',
    {},
    el('legend', {}, legend),
    Object.entries(options).map(([value, text], index) =>
      el(
        'label',
        { class: 'option' },
        el('input', { type: 'radio', name, value, checked: index === 0 }),
        el('span', {}, text),
      ),
    ),
  );
}

/** To the provider's page. A transfer has none: the simulated bank reads its code. */
function leaveFor({ pay_url, qr_payload }) {
  location.assign(pay_url ?? `gateway/?qr=${encodeURIComponent(qr_payload)}`);
}
