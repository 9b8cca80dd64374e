import { z } from 'zod';
import { type AnyEventDefinition, eventDefinitions } from '../src/domain/events/index.js';
import { emitFile } from './generated-file.js';

const INTRODUCTION = `# Events

<!-- Made by \`npm run docs:events\` from the registry in src/domain/events/index.ts; do not edit. -->

The log of a session holds these types and no others. *Input* is what a client sends as \`payload\`; *stored* is what the
log keeps and every reader gets. Guests' phones and staff may append the types marked so; every other type comes from an
act of the server, and a client that sends one gets \`VALIDATION_FAILED\`.
`;

const SENDERS = { guest: 'phones and staff', staff: 'staff', cashier: 'cashiers', server: 'the server' } as const;
const GATES = {
  live: 'while the session has not expired',
  due: 'only once the session has expired',
  any: 'at any time',
} as const;

// The registry's union is too narrow for one loop over all of them; the loop reads what every definition has.
const definitions = Object.values(eventDefinitions) as unknown as readonly AnyEventDefinition[];

await emitFile('docs/events.md', [INTRODUCTION, overview(), ...definitions.map(section)].join('\n'));

function overview(): string {
  const rows = definitions.map(
    (event) => `| [\`${event.type}\`](#${event.type}) | ${SENDERS[event.sender]} | ${event.summary} |`,
  );
  return ['| Type | Appended by | Meaning |', '|---|---|---|', ...rows, ''].join('\n');
}

function section(event: AnyEventDefinition): string {
  return [
    `## ${event.type}`,
    '',
    event.summary,
    '',
    `- Appended by ${SENDERS[event.sender]}, ${GATES[event.gate]}.`,
    `- Payload version ${event.version}.`,
    ...(event.personal.length === 0
      ? []
      : [`- Personal fields: ${event.personal.map((name) => `\`${name}\``).join(', ')}.`]),
    '',
    ...(event.sender === 'server' ? [] : fields(event)),
    ...event.examples.flatMap((example) => [
      ...(event.sender === 'server' ? [] : ['Input:', '', ...json(example.input)]),
      'Stored:',
      '',
      ...json(example.payload),
    ]),
  ].join('\n');
}

/** The input as JSON Schema: the one notation that says every bound. */
function fields(event: AnyEventDefinition): readonly string[] {
  const { $schema: _, ...schema } = z.toJSONSchema(event.input, { io: 'input', unrepresentable: 'any' });
  return ['Input schema:', '', ...json(schema)];
}

function json(value: unknown): readonly string[] {
  return ['```json', JSON.stringify(value, null, 2), '```', ''];
}
