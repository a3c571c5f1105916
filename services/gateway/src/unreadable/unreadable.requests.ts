import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsNameOf } from '../requests/is-name.js';
import { ListPage } from '../requests/list-page.js';

export class UnreadableQuery extends ListPage {
  @ApiPropertyOptional({ description: 'Whose inbox they came by; default: all' })
  @IsOptional()
  @IsNameOf('a role')
  readonly role?: string;
}
