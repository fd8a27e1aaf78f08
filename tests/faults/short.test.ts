// The same faults as in full.test.ts, a few times or for a moment each, within npm test.
import { describeFaults } from './scenarios.ts';

describeFaults({
	kills: 1,
	reloads: 3,
	cuts: 3,
	crashes: 1,
	offlineMs: 1_500,
	diskFullMs: 2_000,
	redisGoneMs: 1_500,
	postgresGoneMs: 1_500,
	storeGoneMs: 2_000,
	hubDeaths: 1
});
