import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { Ground } from './prepare-database.js';

/** What the first process found out for all of them. */
export interface WorkerPlan extends Ground {
  readonly port: number;
  /** Where the demo's payment providers are played; undefined without demo. */
  readonly simulator: string | undefined;
}

/** The figures of one process. */
export type Figures = readonly MetricObjectWithValues<MetricValue<string>>[];

export type FromWorker =
  /** It listens to messages now. */
  | { readonly kind: 'hello' }
  /** It listens to the port. */
  | { readonly kind: 'ready' }
  /** It cannot start, and another one could not either; the message is for the person at the terminal. */
  | { readonly kind: 'hopeless'; readonly message: string }
  | { readonly kind: 'figures'; readonly figures: Figures }
  /** Wants the figures of all. */
  | { readonly kind: 'total?'; readonly question: number };

export type ToWorker =
  | { readonly kind: 'plan'; readonly plan: WorkerPlan }
  | { readonly kind: 'stop' }
  | { readonly kind: 'figures?' }
  | { readonly kind: 'total'; readonly question: number; readonly text: string };

/** The word on the command line that makes a process a worker; it also shows in the list of processes. */
export const workerWord = 'worker';

/** A worker cannot start, and no other try would end differently; the message is for the person at the terminal. */
export class HopelessStart extends Error {
  override readonly name = 'HopelessStart';
}

/** From a worker to the first process, whether or not that is still there to hear it. */
export function tellFirst(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
