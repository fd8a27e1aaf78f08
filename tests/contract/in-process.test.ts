import { InProcessSignals } from '#server/adapters/inprocess/in-process-signals.ts';
import { RandomIds } from '#server/adapters/inprocess/random-ids.ts';
import { SystemClock } from '#server/adapters/inprocess/system-clock.ts';
import { clockContract, idsContract } from './clock-ids.contract.ts';
import { signalsContract } from './signals.contract.ts';

signalsContract('in process', async () => {
	const errors: unknown[] = [];
	return { signals: new InProcessSignals((error) => errors.push(error)), errors };
});
clockContract('system', new SystemClock());
idsContract('random', (clock) => new RandomIds(clock));
