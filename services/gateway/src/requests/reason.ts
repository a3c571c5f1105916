import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';

/** What every decision of a person says. */
export class ReasonBody {
  @ApiProperty({ description: 'Why; recorded with who decided', maxLength: 1000 })
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  readonly reason!: string;
}
