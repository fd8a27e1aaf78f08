import { POLICY_TEXTS } from '#domain/policy-texts.ts';
import type { Policy } from '#domain/policy.ts';

/**
 * What the form shows for a rule: what was sent, when that was not saved, so that a mistake in one rule costs no other;
 * else what is stored. Nothing sent at all is a page that was opened, or a form that did not arrive.
 */
export function shownValue<K extends keyof Policy>(
	key: K,
	stored: Policy,
	sent: Readonly<Record<string, string>>
): Policy[K] | string | boolean {
	if (Object.keys(sent).length === 0) return stored[key];
	// A switch that is off is not sent.
	if (POLICY_TEXTS[key].kind === 'switch') return sent[key] !== undefined;
	return sent[key] ?? stored[key];
}
