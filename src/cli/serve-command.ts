import type { CommandLine } from './command-line.ts';

export function addServeCommand(line: CommandLine): void {
  line.add(line.program, {
    usage: 'serve',
    description: 'Run the service until SIGTERM or SIGINT, as npm start does; its log is JSON where nobody is looking',
    examples: ['serve', 'serve | pino-pretty'],
    json: false,
    run: async () => {
      const { serve } = await import('./serve.ts');
      return serve(line.shell);
    },
  });
}
