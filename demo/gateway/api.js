/** Calls the simulator; relative, so that the page works wherever the server stands. */
async function call(path, body) {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.detail ?? response.statusText), { status: response.status });
  return answer;
}

const pathOf = (provider, reference) => `orders/${encodeURIComponent(provider)}/${encodeURIComponent(reference)}`;

export const listOrders = async () => (await call('orders')).orders;
export const getOrder = async (provider, reference) => (await call(pathOf(provider, reference))).order;
export const codeOf = (provider, reference) => `${pathOf(provider, reference)}/qr.svg`;
export const scan = async (fields) => (await call('bank/scan', fields)).order;

export async function act(order, name, delaySeconds) {
  const delay = delaySeconds === undefined ? {} : { delay_seconds: delaySeconds };
  return (await call(`${pathOf(order.provider, order.reference)}/act`, { act: name, ...delay })).order;
}
