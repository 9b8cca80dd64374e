/** Between two tries to reach the server, in milliseconds. */
const retryEvery = 5_000;
/** After a no, which may be one for a while: the visit has ended, or too much is open. */
const refusedEvery = 60_000;

/** In the words of REST, as the page has read the menu at first. */
const subscription = `subscription ($location: UUID!, $after: String) {
  menu: menuChanges(locationId: $location, after: $after) {
    version ordering currency
    items { menu_item_id: menuItemId name description category price available
      option_groups: optionGroups { name min max options { option_id: optionId name price available } } } } }`;

/**
 * Hears when the menu changes: what is sold out, and what is to be had again. Over a WebSocket, because of streams a browser
 * opens only a few for one server. `known` says which menu the page has, `onMenu` gets another one. Without a connection it
 * tries again quietly; that the phone is offline is told by the bill.
 */
export function followMenu({ locationId, token }, { known, onMenu }) {
  let socket;
  let timer;

  function connect() {
    clearTimeout(timer);
    if (socket || document.hidden) return;
    const address = new URL('../graphql', location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    address.hash = '';
    const own = new WebSocket(address, 'graphql-transport-ws');
    socket = own;
    let pause = retryEvery;
    const say = (message) => own.send(JSON.stringify(message));
    own.onopen = () => say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    own.onmessage = ({ data }) => {
      const { type, payload } = JSON.parse(data);
      if (type === 'ping') say({ type: 'pong' });
      if (type === 'connection_ack') {
        const { version, ordering } = known();
        const variables = { location: locationId, after: `${version}.${ordering}` };
        say({ id: 'menu', type: 'subscribe', payload: { query: subscription, variables } });
      }
      if (type === 'next' && payload.data)
        onMenu({ ...payload.data.menu, ordering: payload.data.menu.ordering.toLowerCase() });
      if (type === 'error') {
        pause = refusedEvery;
        own.close();
      }
    };
    own.onclose = ({ code }) => {
      if (socket !== own) return;
      socket = undefined;
      if (!document.hidden) timer = setTimeout(connect, code >= 4400 ? refusedEvery : pause);
    };
  }

  function leave() {
    clearTimeout(timer);
    const own = socket;
    socket = undefined;
    own?.close();
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : connect()));
  addEventListener('online', connect);
  connect();
}
