import type { Registry } from 'prom-client';
import type { Fellows } from './app.js';
import { tellFirst, type ToWorker, type WorkerPlan } from './cluster-messages.js';
import { unavailable } from './domain/rejection.js';

/** How a worker and the first process speak with each other. */
export interface Line extends Pick<Fellows, 'join'> {
  readonly plan: Promise<WorkerPlan>;
  /** What this worker counted, before it ends. */
  readonly tellFigures: () => Promise<void>;
}

/** The sum of all figures comes within so many milliseconds. */
const patienceMs = 3_000;

/** Listens to the first process from now on; `stop` is what it may ask for at any time. */
export function openLine(stop: () => void): Line {
  let registry: Registry | undefined;
  let give: (plan: WorkerPlan) => void;
  const plan = new Promise<WorkerPlan>((resolve) => (give = resolve));
  const questions = new Map<number, (text: string) => void>();
  let asked = 0;

  const tellFigures = async (): Promise<void> =>
    tellFirst({ kind: 'figures', figures: (await registry?.getMetricsAsJSON()) ?? [] });

  const askTotal = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const question = (asked += 1);
      const timer = setTimeout(
        () => settle(() => reject(unavailable('the other processes do not answer'))),
        patienceMs,
      );
      const settle = (end: () => void): void => {
        questions.delete(question);
        clearTimeout(timer);
        end();
      };
      questions.set(question, (text) => settle(() => resolve(text)));
      void tellFirst({ kind: 'total?', question });
    });

  process.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'plan':
        return give(message.plan);
      case 'stop':
        return stop();
      case 'figures?':
        return void tellFigures();
      case 'total':
        return questions.get(message.question)?.(message.text);
    }
  });
  void tellFirst({ kind: 'hello' });
  return {
    plan,
    tellFigures,
    join(own) {
      registry = own;
      return askTotal;
    },
  };
}
