import { isDemoKey, isPlaceholder, isPublicPaymentSecret } from './known-secrets.js';
import { paymentVariables } from './payment-variables.js';
import type { ValuesOf } from './variable.js';
import type { variables } from './variables.js';

type Values = ValuesOf<typeof variables>;
type Name = keyof Values;

export interface Refusal {
  readonly name: Name;
  readonly what: string;
}

const REQUIRED = ['DATABASE_URL', 'AUTH_SECRET', 'PUBLIC_URL'] as const;
const LEAST_LENGTH = {
  AUTH_SECRET: 32,
  AUTH_SECRET_PREVIOUS: 32,
  SECRETS_KEY: 32,
  SECRETS_KEY_PREVIOUS: 32,
  BOOTSTRAP_OPERATOR_KEY: 16,
  METRICS_TOKEN: 16,
} as const;

/** What NODE_ENV=production does not put up with; `unreadable` were set but already have a problem of their own. */
export function productionRefusals(values: Values, unreadable: ReadonlySet<string>): readonly Refusal[] {
  const missing = REQUIRED.filter((name) => values[name] === undefined && !unreadable.has(name));
  return [
    ...missing.map((name) => ({ name, what: 'is missing; NODE_ENV=production needs it' })),
    ...(values.DEMO
      ? [{ name: 'DEMO' as const, what: 'is 1; NODE_ENV=production refuses demo data and demo keys' }]
      : []),
    ...weakSecrets(values),
    ...publicPaymentSecrets(values),
  ];
}

function weakSecrets(values: Values): readonly Refusal[] {
  const names = Object.keys(LEAST_LENGTH) as (keyof typeof LEAST_LENGTH)[];
  return names.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    if (isDemoKey(value)) return [{ name, what: 'is a demo key; NODE_ENV=production refuses those' }];
    if (value.length < LEAST_LENGTH[name]) {
      return [{ name, what: `is shorter than ${LEAST_LENGTH[name]} characters; NODE_ENV=production refuses that` }];
    }
    return isPlaceholder(value)
      ? [{ name, what: 'is a default or placeholder; NODE_ENV=production refuses those' }]
      : [];
  });
}

function publicPaymentSecrets(values: Values): readonly Refusal[] {
  const names = Object.keys(paymentVariables) as (keyof typeof paymentVariables)[];
  return names.flatMap((name) =>
    isPublicPaymentSecret(values[name] ?? '')
      ? [{ name, what: 'is a public sandbox value; NODE_ENV=production refuses those' }]
      : [],
  );
}
