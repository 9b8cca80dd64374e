import { codeOf } from './api.js';
import { deliveriesView } from './deliveries-view.js';
import { el, providerNames } from './elements.js';
import { clock, money, say } from './texts.js';

const DELAYS = [5, 10, 30, 60, 300, 1200];
const MAIN_ACTS = ['pay', 'fail'];

/** The page of one order. `onAct(name, delaySeconds)` does something to it. */
export function orderView(order, onAct) {
  return [
    orderCard(order),
    mainButtons(order, onAct),
    order.return_url &&
      el('a', { class: 'button back', href: order.return_url, rel: 'noreferrer', 'data-key': 'back' }, say().back),
    deliveriesView(order),
    accidents(order, onAct),
    order.state === 'open' && phoneCode(order),
    el('p', {}, el('a', { href: './', 'data-key': 'all' }, say().all)),
  ].filter((part) => part);
}

function orderCard(order) {
  const rows = [
    [order.provider === 'sepay' ? say().account : say().merchant, order.merchant],
    [say().reference, el('code', {}, order.reference)],
    [say().message, order.description],
    order.expires_at && order.state === 'open' && [say().until, clock(order.expires_at)],
  ].filter((row) => row && row[1]);
  return el(
    'section',
    { class: `card order ${order.provider}`, 'aria-labelledby': 'amount' },
    el('p', { class: 'row' }, el('strong', { class: 'provider' }, providerNames[order.provider]), stateChip(order)),
    el('h1', { id: 'amount', class: 'amount' }, money(order.amount)),
    el('dl', {}, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
    order.due_at && el('p', { class: 'soft' }, say().due(clock(order.due_at))),
    order.refunds.map((refund) => el('p', { class: 'soft' }, `${say().refunds}: ${money(refund.amount)}`)),
  );
}

export function stateChip({ state }) {
  return el('span', { class: `chip ${state}` }, say().states[state]);
}

function mainButtons(order, onAct) {
  const possible = MAIN_ACTS.filter((name) => order.acts.includes(name));
  if (possible.length === 0) return undefined;
  return el(
    'div',
    { class: `buttons ${order.provider}` },
    possible.map((name) =>
      el(
        'button',
        { type: 'button', class: name === 'pay' ? 'main' : 'plain', 'data-key': name, onclick: () => onAct(name) },
        name === 'pay' ? `${say().acts.pay[0]} ${money(order.amount)}` : say().acts[name][0],
      ),
    ),
  );
}

function accidents(order, onAct) {
  const possible = order.acts.filter((name) => !MAIN_ACTS.includes(name));
  if (possible.length === 0) return undefined;
  return el(
    'section',
    { 'aria-labelledby': 'accidents' },
    el('h2', { id: 'accidents' }, say().accidents),
    possible.map((name) => accident(name, onAct)),
  );
}

function accident(name, onAct) {
  const [title, meaning] = say().acts[name];
  const choice = name === 'pay_late' ? delayChoice() : undefined;
  const run = () => onAct(name, choice && Number(choice.value));
  return el(
    'div',
    { class: 'card accident' },
    el(
      'div',
      { class: 'text' },
      el('p', { id: `means-${name}`, class: 'soft' }, meaning),
      choice && el('label', { class: 'soft' }, `${say().after} `, choice),
    ),
    el(
      'button',
      { type: 'button', class: 'plain', 'data-key': name, 'aria-describedby': `means-${name}`, onclick: run },
      title,
    ),
  );
}

/** Kept over a redrawing. */
let chosenDelay = 10;

function delayChoice() {
  const options = DELAYS.map((count) =>
    el('option', { value: String(count), selected: count === chosenDelay }, say().seconds(count)),
  );
  const remember = (event) => {
    chosenDelay = Number(event.target.value);
  };
  return el('select', { 'data-key': 'delay', onchange: remember }, options);
}

function phoneCode(order) {
  return el(
    'details',
    { 'data-key': 'phone' },
    el('summary', {}, say().phone),
    el('img', { class: 'code', alt: say().phone, loading: 'lazy', src: codeOf(order.provider, order.reference) }),
  );
}
