import { el } from './elements.js';
import { say } from './texts.js';

/** Calls a waiter, or asks for the bill; whoever is called already is on the way, and need not be called again. */
export function serviceButtons({ service_calls }, tap) {
  const button = (kind) => {
    const call = service_calls.find((each) => each.kind === kind);
    const text = !call
      ? say().calls[kind]
      : call.taken_by
        ? say().coming(call.taken_by.name ?? '')
        : say().called[kind];
    const onclick = () => tap('request_service', { kind });
    return el('button', { class: 'soft', disabled: call !== undefined, onclick }, text);
  };
  return el('div', { class: 'row calls' }, button('waiter'), button('bill'));
}
