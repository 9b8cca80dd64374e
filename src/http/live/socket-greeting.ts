import { CloseCode } from 'graphql-ws';
import type { ResolverContext } from '../../resolvers/context.js';
import { personName, readCredential } from '../context.js';
import { publicError } from '../errors.js';
import type { Caller, LiveSocket } from './socket.js';

type Params = Readonly<Record<string, unknown>>;

/**
 * Learns who speaks over a socket, from what HTTP has in headers. Closes it for a bad credential, now or once it is revoked,
 * and for one socket too many.
 */
export async function greet(deps: ResolverContext['deps'], socket: LiveSocket, params: Params): Promise<void> {
  const caller = await callerOf(deps, socket, params);
  if (!caller || !socket.outlet.isOpen()) return;
  const leave = deps.streams.enter('websocket', caller.scope);
  if (!leave) {
    socket.drop('too_many', CloseCode.TooManyInitialisationRequests, 'this credential has too many sockets open');
    return;
  }
  socket.caller = caller;
  const unwatch = deps.streams.watch(caller.isStanding, () =>
    socket.drop('revoked', CloseCode.Unauthorized, 'the credential no longer counts'),
  );
  void socket.gone.then(() => {
    leave();
    unwatch();
  });
}

async function callerOf(
  deps: ResolverContext['deps'],
  socket: LiveSocket,
  params: Params,
): Promise<Caller | undefined> {
  const authorization = textOf(params.authorization ?? params.Authorization);
  const name = textOf(params.xActorName ?? params['x-actor-name'] ?? params['X-Actor-Name']);
  try {
    return await readCredential(deps, { authorization, name: name === undefined ? undefined : personName(name) });
  } catch (error) {
    const { code, detail } = publicError(error, '');
    if (code === 'UNAUTHENTICATED') socket.close(CloseCode.Unauthorized, detail);
    else if (code === 'VALIDATION_FAILED') socket.close(CloseCode.BadRequest, detail);
    else socket.close(1013, 'try again later');
    return undefined;
  }
}

/** What is no text is no credential and no name. */
function textOf(param: unknown): string | undefined {
  if (param === undefined || param === null) return undefined;
  return typeof param === 'string' ? param : '';
}
