// The faults of full.test.ts on outside servers, in their short form.
import { describeOutsideFaults, SHORT } from './scenarios.ts';

describeOutsideFaults(SHORT);
