import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Rejection } from '../domain/rejection.js';

const allMethods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Answers 405 with `Allow` to the methods that a path does not have. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly HTTPMethods[]): void {
  const refuse = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('Allow', allowed.join(', '));
    throw new Rejection('METHOD_NOT_ALLOWED', `${request.method} is not allowed here; ${allowed.join(', ')} is`);
  };
  app.route({
    method: allMethods.filter((method) => !allowed.includes(method)),
    url,
    // Before the body is read: whatever it is, the method is what is wrong.
    onRequest: refuse,
    handler: refuse,
  });
}
