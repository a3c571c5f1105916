/** A rule taken out of a copy of the sources, and the test that sees it. */
export interface Mutation {
  /** `G6`, `S3`, `E5`, … */
  readonly rule: string;
  /** What the copy does instead, in words. */
  readonly breaks: string;
  /** From the root of the project. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly test: TestName;
  /** What the red test says, where that is no expectation that does not hold. */
  readonly says?: string;
  /** Longer than a few seconds, or with processes of its own: only in `npm run test:full`. Default false. */
  readonly slow?: boolean;
}

export interface TestName {
  readonly file: string;
  /** The test's name, or what each of a table begins with. */
  readonly name: string;
}
