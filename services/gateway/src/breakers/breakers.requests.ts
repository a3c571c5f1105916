import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';

export class ForceBody {
  @ApiProperty({ description: 'Why; recorded with the change', maxLength: 1000 })
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  readonly reason!: string;
}
