import { Refused, rest } from './api.js';

/** A stream that is cut off may take so long to come back by itself before the guest is told, in milliseconds. */
const patience = 3_000;
/** Between two tries when the server cannot be reached, in milliseconds. */
const retryEvery = 2_500;

/**
 * Hears what is new in the session: from a stream while one can be had, else by asking as often as the server suggests.
 * `table` says how far it has got (`cursor`), whether more can come (`isOpen`), and takes the news: `onNews` with the seq of
 * an event, `onOnline` with whether the server can be reached, `onRefused` with what the server said no to.
 */
export function follow({ sessionId, token }, table) {
  let stream;
  let timer;
  let lost;
  let isBusy = false;

  /** Asks what is new, and goes on from there. */
  async function connect() {
    if (isBusy) return;
    isBusy = true;
    clearTimeout(timer);
    let pause = retryEvery;
    try {
      const page = await rest(`sessions/${sessionId}/events?cursor=${table.cursor()}&limit=100`, { token });
      pause = page.has_more ? 0 : Math.max(250, page.poll_after_ms);
      table.onOnline(true);
      if (page.events.length > 0) await table.onNews(page.next_cursor);
      if (!stream && !page.has_more && table.isOpen()) await openStream(pause);
    } catch (error) {
      disconnect();
      if (error instanceof Refused) table.onRefused(error);
      else table.onOnline(false);
      // Who is not let in any more need not ask again.
      if (error.code === 'UNAUTHENTICATED') return;
    } finally {
      isBusy = false;
    }
    if (!stream) again(pause);
  }

  function again(pause) {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(connect, pause);
  }

  /** A browser's EventSource sends no headers: a ticket in the address stands for the token. */
  async function openStream(pause) {
    const { ticket } = await rest(`sessions/${sessionId}/stream-tickets`, { token, method: 'POST' });
    if (document.hidden || stream) return;
    const query = new URLSearchParams({ cursor: String(table.cursor()), ticket });
    stream = new EventSource(`../api/v1/sessions/${sessionId}/events/stream?${query}`);
    stream.onopen = () => {
      found();
      table.onOnline(true);
    };
    stream.onmessage = ({ lastEventId }) => void hear(Number(lastEventId));
    stream.onerror = () => {
      if (stream.readyState === EventSource.CONNECTING) {
        lost ??= setTimeout(() => table.onOnline(false), patience);
        return;
      }
      // The browser has given up: the visit is over, the ticket too old, or the server wants to be asked instead.
      disconnect();
      again(pause);
    };
  }

  async function hear(seq) {
    try {
      await table.onNews(seq);
    } catch {
      disconnect();
      void connect();
    }
  }

  function found() {
    clearTimeout(lost);
    lost = undefined;
  }

  function disconnect() {
    found();
    stream?.close();
    stream = undefined;
  }

  addEventListener('online', connect);
  addEventListener('offline', () => table.onOnline(false));
  document.addEventListener('visibilitychange', () => {
    // A page that nobody sees holds no connection: a browser has only a few for one server.
    if (!document.hidden) return void connect();
    clearTimeout(timer);
    return disconnect();
  });
  void connect();
  return { look: () => stream?.readyState === EventSource.OPEN || void connect() };
}
