import { createIam, HERE, OPERATOR } from 'castellan';
import { memoryPorts } from 'castellan/memory';

const iam = createIam(memoryPorts());
const owner = { email: 'owner@example.com', password: 'nobody guesses this one' };
const { project } = await iam.projects.installPlatform.execute(OPERATOR, owner);

const visitor = { projectId: project.id, dialect: 'v1', origin: HERE } as const;
const signIn = await iam.authentication.login.execute(visitor, owner);
if (signIn.kind !== 'signed-in') throw new Error('one tenant, so there is nothing to select');
const actor = await iam.authentication.authenticate.execute({ ...visitor, token: signIn.tokens.accessToken });
const { user, tenant, roles } = await iam.account.readProfile.execute(actor);
process.stdout.write(`${user.email} is ${roles.join(', ')} of ${tenant.name}\n`);
