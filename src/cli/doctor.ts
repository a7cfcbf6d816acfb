import type { CommandLine } from './command-line.ts';
export function addDoctorCommand(_line: CommandLine): void {}
