// Counts a test report: `node count.mjs <report.json> <exit status of the run>` prints "<passed> <failed>".
import { readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
const broken = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
// A run that failed for another reason than a test (a skip, an unhandled error) has failed all the same.
console.log(numPassedTests, broken > 0 ? broken : Number(status !== '0'));
