import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LiveFace } from '../services/open-streams.js';
import type { WriterProbe } from '../event-log/writer-context.js';
import { sqlCode } from '../db/sql-errors.js';

/** Everything that `/metrics` tells, by Prometheus' naming convention and with bounded labels. */
export interface Metrics {
  readonly registry: Registry;
  /** One GraphQL root field, by whichever face it was called; `code` is OK or an error's code. */
  operation(name: string, code: string, seconds: number): void;
  readonly writer: WriterProbe;
  /** Sessions made durable as expired by this process. */
  readonly expired: (sessions: number) => void;
  /** Tickets that the kitchen left without acknowledgement for too long. */
  readonly overdue: (tickets: number) => void;
  /** A webhook came; a verdict is one of a few words. */
  readonly webhook: (provider: string, verdict: string) => void;
  readonly watchDepth: (depth: () => number) => void;
  readonly live: LiveMetrics;
  readonly bells: BellsMetrics;
}

/** What nodes tell each other. */
export interface BellsMetrics {
  readonly rung: () => void;
  readonly heard: () => void;
  readonly failed: (error: unknown) => void;
  readonly watch: (isHearing: () => boolean) => void;
}

/** What is held open for those who follow a session. */
export interface LiveMetrics {
  /** One was opened; what comes back says, once, that it has ended. */
  readonly opened: (face: LiveFace) => () => void;
  /** One was cut off; a reason is one of a few words. */
  readonly dropped: (face: LiveFace, reason: string) => void;
  /** `feeds` that are open, whoever reads them; `unsentBytes` that wait for clients of sockets. */
  readonly watch: (figures: { readonly feeds: () => number; readonly unsentBytes: () => number }) => void;
}

const latencyBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const operations = new Counter({
    name: 'qr_operations_total',
    help: 'Operations by name and outcome.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'qr_operation_duration_seconds',
    help: 'Time from the start of an operation to its answer.',
    labelNames: ['operation'],
    buckets: latencyBuckets,
    registers,
  });
  const expired = new Counter({
    name: 'qr_sessions_expired_total',
    help: 'Sessions that the expiry job ended.',
    registers,
  });
  const overdue = new Counter({
    name: 'qr_tickets_overdue_total',
    help: 'Tickets that the kitchen did not acknowledge within a minute.',
    registers,
  });
  const webhooks = new Counter({
    name: 'qr_webhooks_total',
    help: 'Calls of payment providers by what came of them.',
    labelNames: ['provider', 'verdict'],
    registers,
  });
  return {
    registry,
    operation(name, code, seconds) {
      operations.inc({ operation: name, code });
      durations.observe({ operation: name }, seconds);
    },
    writer: writerProbe(registers),
    expired: (sessions) => expired.inc(sessions),
    overdue: (tickets) => overdue.inc(tickets),
    webhook: (provider, verdict) => webhooks.inc({ provider, verdict }),
    live: liveMetrics(registers),
    watchDepth: (depth) =>
      watchGauge(registers, { name: 'qr_writer_queue_depth', help: 'Commands that wait or are being written.' }, depth),
    bells: bellsMetrics(registers),
  };
}

function bellsMetrics(registers: Registry[]): BellsMetrics {
  const rung = new Counter({ name: 'qr_bells_rung_total', help: 'Rings sent to other nodes.', registers });
  const heard = new Counter({ name: 'qr_bells_heard_total', help: 'Rings of other nodes.', registers });
  const failed = new Counter({
    name: 'qr_bells_failed_total',
    help: 'Rings not sent or not understood, and connections lost, by SQLSTATE or driver code.',
    labelNames: ['code'],
    registers,
  });
  return {
    rung: () => rung.inc(),
    heard: () => heard.inc(),
    failed: (error) => failed.inc({ code: sqlCode(error) ?? 'other' }),
    watch(isHearing) {
      new Gauge({
        name: 'qr_bells_hearing',
        help: '1 while news of other nodes arrive, 0 while live readers look for themselves.',
        registers,
        aggregator: 'min',
        collect() {
          this.set(isHearing() ? 1 : 0);
        },
      });
    },
  };
}

function liveMetrics(registers: Registry[]): LiveMetrics {
  const streams = new Gauge({
    name: 'qr_live_streams',
    help: 'Streams, sockets and waiting requests that are open.',
    labelNames: ['face'],
    registers,
  });
  const dropped = new Counter({
    name: 'qr_live_dropped_total',
    help: 'Streams and sockets that the server cut off, by reason.',
    labelNames: ['face', 'reason'],
    registers,
  });
  return {
    opened(face) {
      streams.inc({ face });
      let isOpen = true;
      return () => {
        if (isOpen) streams.dec({ face });
        isOpen = false;
      };
    },
    dropped: (face, reason) => dropped.inc({ face, reason }),
    watch({ feeds, unsentBytes }) {
      watchGauge(registers, { name: 'qr_live_feeds', help: 'Logs that are being followed, by all faces.' }, feeds);
      watchGauge(registers, { name: 'qr_live_unsent_bytes', help: 'Bytes that sockets hold back.' }, unsentBytes);
    },
  };
}

/** A figure that is looked at when somebody asks for it. */
function watchGauge(registers: Registry[], about: { name: string; help: string }, figure: () => number): void {
  new Gauge({
    ...about,
    registers,
    collect() {
      this.set(figure());
    },
  });
}

function writerProbe(registers: Registry[]): WriterProbe {
  const appended = new Counter({ name: 'qr_events_appended_total', help: 'Events written.', registers });
  const batches = new Histogram({
    name: 'qr_batch_events',
    help: 'Events per batch statement.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  });
  const seconds = new Histogram({
    name: 'qr_batch_duration_seconds',
    help: 'Time of a batch statement, commit included.',
    buckets: latencyBuckets,
    registers,
  });
  const misses = new Counter({
    name: 'qr_batch_missed_sessions_total',
    help: 'Sessions whose head had moved, so that their commands were decided again.',
    registers,
  });
  const failures = new Counter({
    name: 'qr_statement_failures_total',
    help: 'Failed statements of the writer by SQLSTATE or driver code.',
    labelNames: ['code'],
    registers,
  });
  return {
    batch(figures) {
      appended.inc(figures.events);
      batches.observe(figures.events);
      seconds.observe(figures.seconds);
    },
    missed: (sessions) => misses.inc(sessions),
    failed: (error) => failures.inc({ code: sqlCode(error) ?? 'other' }),
  };
}
