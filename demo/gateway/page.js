import { act, getOrder, listOrders, scan } from './api.js';
import { el, providerNames } from './elements.js';
import { listView } from './list-view.js';
import { orderView } from './order-view.js';
import { currentLanguage, money, say, switchLanguage } from './texts.js';

const POLL_MS = 1500;
const TOLD_MS = 4000;
const main = document.getElementById('main');
const status = document.getElementById('status');
const parameters = new URLSearchParams(location.search);
/** What is on the screen, to draw only what changed. */
let drawn = '';
let isBusy = false;
/** The button that was pressed: disabling it took the focus away. */
let pressed;

const [provider, ...rest] = (parameters.get('order') ?? '').split(':');
const reference = rest.join(':');

function draw(content, state) {
  const key = JSON.stringify([currentLanguage(), state]);
  if (key === drawn) return;
  drawn = key;
  const focused = document.activeElement?.dataset?.key ?? pressed;
  pressed = undefined;
  const open = [...main.querySelectorAll('details[open]')].map((details) => details.dataset.key);
  const typed = new Map([...main.querySelectorAll('input')].map(({ name, value }) => [name, value]));
  main.replaceChildren(...content());
  for (const details of main.querySelectorAll('details')) details.open = open.includes(details.dataset.key);
  for (const input of main.querySelectorAll('input')) input.value = typed.get(input.name) ?? '';
  if (focused) (main.querySelector(`[data-key="${CSS.escape(focused)}"]`) ?? main).focus({ preventScroll: true });
}

function frame() {
  document.documentElement.lang = currentLanguage();
  document.getElementById('simulator').textContent = say().simulator;
  const change = () => {
    switchLanguage();
    frame();
    void refresh();
  };
  const button = el('button', { type: 'button', class: 'plain small', onclick: change }, say().other);
  document.getElementById('top').replaceChildren(el('span', { class: 'soft' }, 'QR Session'), button);
}

let hiding;

/** Says it for some seconds; what keeps being so is said again. */
function tell(text) {
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    status.hidden = true;
  }, TOLD_MS);
  status.hidden = text === '';
  status.textContent = text;
}

function showOrder(order) {
  document.title = `${money(order.amount)} · ${providerNames[order.provider]} · SIMULATOR`;
  draw(() => orderView(order, (name, delay) => doAct(order, name, delay)), order);
}

async function doAct(order, name, delay) {
  if (isBusy) return;
  isBusy = true;
  pressed = name;
  for (const button of main.querySelectorAll('button')) button.disabled = true;
  tell('…');
  try {
    const changed = await act(order, name, delay);
    tell('');
    drawn = '';
    showOrder(changed);
    tell(say().states[changed.state]);
  } catch (error) {
    drawn = '';
    tell(error.message);
  }
  isBusy = false;
}

async function startTransfer(fields) {
  try {
    const order = await scan(fields);
    location.assign(`?order=${encodeURIComponent(`${order.provider}:${order.reference}`)}`);
  } catch (error) {
    tell(error.message);
  }
}

function showRefusal(code) {
  const text = say().refusals[code] ?? code;
  draw(
    () => [
      el('section', { class: 'card order vnpay' }, el('h1', {}, say().refused), el('p', {}, `${code}: ${text}`)),
      el('p', {}, el('a', { href: './' }, say().all)),
    ],
    code,
  );
}

async function refresh() {
  if (isBusy) return;
  const refusal = parameters.get('error');
  try {
    if (refusal) showRefusal(refusal.split(':').at(-1));
    else if (provider) await refreshOrder();
    else {
      const orders = await listOrders();
      draw(() => listView(orders, startTransfer), orders);
    }
    if (status.textContent === say().offline) tell('');
  } catch (error) {
    if (error.status === 404) draw(() => [el('p', {}, say().lost), el('a', { href: './' }, say().all)], 'lost');
    else tell(say().offline);
  }
}

async function refreshOrder() {
  const order = await getOrder(provider, reference);
  // An act that began meanwhile knows better.
  if (!isBusy) showOrder(order);
}

frame();
const qr = parameters.get('qr');
if (qr) await startTransfer({ qr });
await refresh();
setInterval(() => {
  if (!document.hidden) void refresh();
}, POLL_MS);
