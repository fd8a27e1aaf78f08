// The faults of full.test.ts on storage of its own, in their short form.
import { describeOwnFaults, SHORT } from './scenarios.ts';

describeOwnFaults(SHORT);
