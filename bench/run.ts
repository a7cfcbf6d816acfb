import { parseArgs } from 'node:util';
import { atScale } from './at-scale.ts';
import type { Bench, Figure, Measurement } from './bench.ts';
import { benchDatabase } from './database.ts';
import { jwks } from './jwks.ts';
import { warmUp } from './load.ts';
import { logins } from './logins.ts';
import { startMailSink } from './mail-sink.ts';
import { memory } from './memory.ts';
import { middlewareTax } from './middleware-tax.ts';
import { permissions } from './permissions.ts';
import { profiles } from './profiles.ts';
import { refreshes } from './refreshes.ts';
import { registrations } from './registrations.ts';
import { report } from './report.ts';
import { CITY, SUBURB, sizeOf } from './scale/size.ts';
import { secondFactor } from './second-factor.ts';
import { servicePlan, startBareServer, startService } from './service.ts';
import { startUp } from './start-up.ts';
import { timing } from './timing.ts';
import { tokenChecks } from './token-checks.ts';
import { underFlood } from './under-flood.ts';
import { LOGINS_TO_WARM_UP, loginRequests, makeWorld } from './world.ts';

const MEASUREMENTS: readonly Measurement[] = [
  logins,
  secondFactor,
  underFlood,
  refreshes,
  tokenChecks,
  profiles,
  jwks,
  startUp,
  memory,
  registrations,
  middlewareTax,
  permissions,
  atScale,
  timing,
];

const { values: options } = parseArgs({
  // `--cpu-prof FOLDER` leaves there where the service spent its time.
  // `--town URL` names a database that `bench:data` has filled; without it one is made, with as many people and sessions.
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    'cpu-prof': { type: 'string' },
    town: { type: 'string' },
    users: { type: 'string' },
    sessions: { type: 'string' },
  },
});
const only = options.only?.split(',');
const chosen = MEASUREMENTS.filter(({ goals }) => only?.some((goal) => goals.includes(goal)) ?? true);
const rounds = 3;
const seconds = options.quick ? 1 : 3;

await using mail = await startMailSink();
await using database = await benchDatabase();
const plan = servicePlan(database.url, mail.url);
const folder = options['cpu-prof'];
const profiling = folder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', folder];
await using service = await startService(plan, profiling);
await using bare = await startBareServer(database.url);
const world = await makeWorld(service.port);
const next = loginRequests(world);
await warmUp(service.port, { connections: 16, requests: LOGINS_TO_WARM_UP }, () => ({ request: next() }));

console.error(`Postgres: ${database.description}; ${rounds} rounds of ${seconds} s`);
const town = options.town ?? sizeOf(options, options.quick ? SUBURB : CITY);
const bench: Bench = { plan, databaseUrl: database.url, service, bare, world, town, rounds, seconds };
const figures: Figure[] = [];
for (const measurement of chosen) {
  console.error(`goal ${measurement.goals.join(', ')}`);
  figures.push(...(await measurement.run(bench)));
}
console.log(report(figures));
