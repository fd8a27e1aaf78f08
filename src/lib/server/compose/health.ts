// What `/readyz` and the metrics ask: does everything answer that this process cannot do without?
import type { Logger } from '../logger.ts';
import type { HealthCheck } from './open-adapters.ts';

/** A balancer asks every few seconds: whoever is silent for longer does not answer. */
const ANSWER_WITHIN_MS = 3_000;

export type Health = { dependency: string; isUp: boolean };

async function answers(check: HealthCheck): Promise<unknown> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER_WITHIN_MS);
	});
	return Promise.race([check(), late]).finally(() => clearTimeout(timer));
}

/** Attack: anybody may ask, as often as they like, and each time every dependency would be asked. */
const SHARED_MS = 2_000;

/** Asks all of them at once. What was wrong is for the log: an answer to strangers names the dependency alone. */
const askAll = (checks: Readonly<Record<string, HealthCheck>>, log: Logger): Promise<Health[]> =>
	Promise.all(
		Object.entries(checks).map(async ([dependency, check]) => {
			try {
				await answers(check);
				return { dependency, isUp: true };
			} catch (err) {
				log.warn({ event: 'ready.dependency_silent', dependency, err });
				return { dependency, isUp: false };
			}
		})
	);

/** One answer is for everybody who asks until it comes, and for two seconds after. @param now ms of a clock that only goes forward */
export function createHealth(
	checks: Readonly<Record<string, HealthCheck>>,
	log: Logger,
	now: () => number = () => performance.now()
): () => Promise<Health[]> {
	let shared: { answer: Promise<Health[]>; until: number } | null = null;
	return () => {
		if (shared && now() < shared.until) return shared.answer;
		const asked = { answer: askAll(checks, log), until: Infinity };
		shared = asked;
		return asked.answer.finally(() => {
			asked.until = now() + SHARED_MS;
		});
	};
}
