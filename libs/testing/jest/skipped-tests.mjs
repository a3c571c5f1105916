/** Names what was skipped: Jest itself only counts it when it runs more than one file. */
export default class SkippedTests {
  constructor({ testNamePattern }) {
    this.chosenByName = testNamePattern !== undefined;
  }

  onRunComplete(_contexts, { testResults }) {
    if (this.chosenByName) return;
    for (const { testResults: tests } of testResults)
      for (const { status, fullName } of tests)
        if (status === 'pending') console.error(`skipped: ${fullName}`);
  }
}
