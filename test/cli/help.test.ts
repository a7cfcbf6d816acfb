import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../src/cli/castellan.ts';
import { runCommand } from './run-command.ts';

const { program } = commandLine({ out: () => {}, error: () => {}, terminal: false });

const commands = leaves(program, []);

function leaves(command: Command, path: readonly string[]): readonly (readonly string[])[] {
  return command.commands.length === 0 ? [path] : command.commands.flatMap((sub) => leaves(sub, [...path, sub.name()]));
}

describe('the command line', () => {
  it('has every command that is promised', () => {
    expect(commands.map((path) => path.join(' '))).toEqual([
      'serve',
      'migrate',
      'doctor',
      'fence',
      'project create',
      'project list',
      'project show',
      'api-key create',
      'api-key list',
      'api-key revoke',
      'provider create',
      'provider list',
      'provider enable',
      'provider disable',
      'provider remove',
      'owner create',
      'owner unlock',
      'user unlock',
      'users import',
      'users export',
      'keys list',
      'keys rotate',
      'keys remove',
      'audit verify',
    ]);
  });

  it.each(commands)('explains and exemplifies: %s %s', async (...path) => {
    const words = path.filter((word) => word !== undefined);
    const { code, out, error } = await runCommand({}, ...words, '--help');

    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^Usage: castellan ${words.join(' ')}\\b`));
    const [, description = '', , examples = ''] =
      /\n\n([\s\S]*?)\n\n(Options:[\s\S]*)\nExamples:\n([\s\S]*)$/.exec(out) ?? [];
    expect(description.length).toBeGreaterThan(10);
    expect(examples).toMatch(new RegExp(`^  \\$ castellan ${words.join(' ')}\\b`));
    if (words[0] !== 'serve') expect(out).toContain('--json');
  });

  it('shows its version', async () => {
    expect(await runCommand({}, '--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each([[[]], [['project']], [['audit']]])('says which commands there are: %j', async (args) => {
    expect(await runCommand({}, ...args)).toMatchObject({
      code: 2,
      out: '',
      error: expect.stringContaining('Commands:'),
    });
  });

  it.each([
    ['nonsense', 'castellan --help'],
    ['project nonsense', 'castellan project --help'],
    ['project list --jsn', 'castellan project list --help'],
    ['project show one two', 'castellan project show --help'],
    ['project create', 'castellan project create --help'],
    ['project create Shop --settings {', 'castellan project create --help'],
    ['api-key create Shop --permission auth', 'castellan api-key create --help'],
    ['keys remove', 'castellan keys remove --help'],
    ['user unlock', 'castellan user unlock --help'],
    ['users import', 'castellan users import --help'],
    ['users export --secrets', 'castellan users export --help'],
  ])('refuses in one line what it does not understand, and says where to look: %s', async (args, where) => {
    const { code, out, error } = await runCommand({}, ...args.split(' '));

    expect([code, out]).toEqual([2, '']);
    expect(error).toMatch(/^error: [^\n]+\n$/);
    expect(error).toContain(where);
  });

  it('refuses a wrong environment, and names every variable of it', async () => {
    const environment = { DATABASE_URL: 'postgres://127.0.0.1:1/none', PORT: 'none', MAIL_FROM: 'x' };

    expect(await runCommand(environment, 'project', 'list')).toMatchObject({
      code: 2,
      out: '',
      error: expect.stringMatching(/PORT: /),
    });
  });
});
