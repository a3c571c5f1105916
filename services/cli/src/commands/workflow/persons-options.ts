import type { PersonsOption } from '@lockstep/kernel';

/** What a person can do, as it is typed. */
export const optionsText = (id: string, options: readonly PersonsOption[]): string =>
  options.map((option) => commandOf(id, option)).join('; or ');

function commandOf(id: string, option: PersonsOption): string {
  switch (option.action) {
    case 'redrive':
      return `dead redrive ${id} ${option.task}`;
    case 'settle':
      return `effect settle ${id} ${option.task} ${option.op}`;
    case 'skip':
      return `workflow skip ${id} ${option.task}`;
    case 'resume':
    case 'rollback':
    case 'cancel':
      return `workflow ${option.action} ${id}`;
  }
}
