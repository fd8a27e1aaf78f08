// npm run test:faults: the full numbers.
import { describeOutsideFaults, describeOwnFaults, type HowMuch } from './scenarios.ts';

const FULL: HowMuch = {
	kills: 100,
	reloads: 20,
	cuts: 20,
	crashes: 5,
	offlineMs: 60_000,
	diskFullMs: 40_000,
	redisGoneMs: 40_000,
	postgresGoneMs: 20_000,
	storeGoneMs: 60_000,
	hubDeaths: 10
};

describeOwnFaults(FULL);
describeOutsideFaults(FULL);
