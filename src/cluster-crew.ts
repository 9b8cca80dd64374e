import cluster, { type Worker } from 'node:cluster';
import type { FastifyBaseLogger } from 'fastify';
import { createClusterFigures } from './cluster-figures.js';
import { type FromWorker, HopelessStart, type ToWorker, type WorkerPlan, workerWord } from './cluster-messages.js';

/** The worker processes. */
export interface Crew {
  /** Resolves when all of them listen. */
  readonly ready: Promise<void>;
  /** Tells all to come to their end, and resolves when the last one has; one that does not is killed. */
  readonly stop: () => Promise<void>;
}

export interface CrewOptions {
  readonly size: number;
  readonly plan: WorkerPlan;
  readonly log: FastifyBaseLogger;
  readonly giveUp: (error: HopelessStart) => void;
}

/** A worker that served for so long died of an accident, and is replaced at once. */
const provenMs = 5_000;
/** Before the next try for one that died at its start; doubled from death to death. */
const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** Longer than the slowest orderly end. */
const killMs = 4_500;

/** Starts the workers, and another one for each that dies. */
export function openCrew({ size, plan, log, giveUp }: CrewOptions): Crew {
  // Figures may be infinite, which JSON does not know.
  cluster.setupPrimary({ args: [workerWord], serialization: 'advanced' });
  const figures = createClusterFigures(() => crew().map((worker) => tell(worker, { kind: 'figures?' }).id));
  let isStopping = false;
  const allReady = countdown(size);

  const hear = (worker: Worker, message: FromWorker): void => {
    switch (message.kind) {
      case 'hello':
        return void tell(worker, isStopping ? { kind: 'stop' } : { kind: 'plan', plan });
      case 'ready':
        return allReady.count();
      case 'hopeless':
        return giveUp(new HopelessStart(message.message));
      case 'figures':
        return figures.take(worker.id, message.figures);
      case 'total?':
        return void figures
          .total()
          .then((text) => tell(worker, { kind: 'total', question: message.question, text }))
          .catch((error: unknown) => log.error({ err: error }, 'the figures of the workers could not be summed up'));
    }
  };

  const hire = (earlyDeaths: number): void => {
    if (isStopping) return;
    const worker = cluster.fork();
    let servesSince = Number.POSITIVE_INFINITY;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') servesSince = performance.now();
      hear(worker, message);
    });
    worker.once('exit', (code, signal) => {
      figures.leave(worker.id);
      if (isStopping) return;
      const deaths = performance.now() - servesSince < provenMs ? earlyDeaths + 1 : 0;
      const pause = deaths === 0 ? 0 : Math.min(firstPauseMs * 2 ** (deaths - 1), longestPauseMs);
      log.warn({ worker: worker.id, code, signal, pause }, 'a worker ended and is replaced');
      setTimeout(hire, pause, deaths);
    });
  };

  for (let post = 0; post < size; post += 1) hire(0);
  process.once('exit', killAll);
  return {
    ready: allReady.done,
    stop: () => {
      isStopping = true;
      return stopAll();
    },
  };
}

async function stopAll(): Promise<void> {
  const ends = crew().map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  for (const worker of crew()) tell(worker, { kind: 'stop' });
  const patience = setTimeout(killAll, killMs);
  await Promise.all(ends);
  clearTimeout(patience);
}

function killAll(): void {
  for (const worker of crew()) worker.process.kill('SIGKILL');
}

function crew(): readonly Worker[] {
  return Object.values(cluster.workers ?? {}).flatMap((worker) => (worker && !worker.isDead() ? [worker] : []));
}

/** One that is just dying hears nothing any more; its end is seen elsewhere. */
function tell(worker: Worker, message: ToWorker): Worker {
  if (worker.isConnected()) worker.send(message, () => undefined);
  return worker;
}

function countdown(from: number): { readonly done: Promise<void>; readonly count: () => void } {
  let left = from;
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const count = (): void => {
    left -= 1;
    if (left === 0) finish();
  };
  return { done, count };
}
