import { AggregatorRegistry } from 'prom-client';
import type { Figures } from './cluster-messages.js';

/** The figures of all workers together, past ones included: a sum that fell would look like a restart of everything. */
export interface ClusterFigures {
  /** A worker has told its figures. */
  take(worker: number, figures: Figures): void;
  /** A worker is gone: what it counted stays counted. */
  leave(worker: number): void;
  /** In Prometheus' words, after asking all workers; one that does not answer counts as it last told. */
  total(): Promise<string>;
}

/** A worker whose event loop is busy for longer is not waited for. */
const patienceMs = 1_000;

/** `askAll` asks every worker for its figures and gives their numbers. */
export function createClusterFigures(askAll: () => readonly number[]): ClusterFigures {
  const known = new Map<number, Figures>();
  const awaited = new Set<number>();
  let past: Figures[] = [];
  let answered: (() => void) | undefined;
  let asking: Promise<string> | undefined;

  const settle = (worker: number): void => {
    awaited.delete(worker);
    if (awaited.size === 0) answered?.();
  };

  const ask = async (): Promise<string> => {
    for (const worker of askAll()) awaited.add(worker);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      answered = () => {
        clearTimeout(timer);
        resolve();
      };
      if (awaited.size === 0) answered();
    });
    awaited.clear();
    past = [await AggregatorRegistry.aggregate(past).getMetricsAsJSON()];
    return AggregatorRegistry.aggregate([...known.values(), ...past]).metrics();
  };

  return {
    take(worker, figures) {
      known.set(worker, figures);
      settle(worker);
    },
    leave(worker) {
      const last = known.get(worker);
      known.delete(worker);
      if (last) past.push(last.filter(isCount));
      settle(worker);
    },
    total: () => (asking ??= ask().finally(() => (asking = undefined))),
  };
}

/** What only grows; how things stood with a process that is gone means nothing any more. */
function isCount({ type }: Figures[number]): boolean {
  return ['counter', 'histogram'].includes(String(type));
}
