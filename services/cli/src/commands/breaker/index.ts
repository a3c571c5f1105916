import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { addForce } from './force.js';
import { addList } from './list.js';

export function addBreaker(program: Command, shell: Shell): void {
  const breaker = program
    .command('breaker')
    .description('Circuit breakers of tools, models and roles, which all processes share');
  addList(breaker, shell);
  addForce(breaker, shell, {
    name: 'open',
    description: 'Send nothing to a target until its breaker is closed; its work waits',
    question: (target) => `Stop all work for ${target}, of every tenant?`,
  });
  addForce(breaker, shell, {
    name: 'close',
    description: 'Let a target have its work again; its breaker goes on by itself from there',
  });
}
