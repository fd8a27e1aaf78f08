/** The id of the session `step` rows on from this one, around the ends; null when there is no other. */
export function neighbour(
	sessions: readonly { impersonationId: string }[],
	id: string,
	step: number
): string | null {
	const others = sessions.filter(({ impersonationId }) => impersonationId !== id);
	if (others.length === 0) return null;
	const at = sessions.findIndex(({ impersonationId }) => impersonationId === id);
	// One that has just ended is no longer listed: the first, or the last, is next to it.
	if (at < 0) return (step > 0 ? others[0] : others.at(-1))?.impersonationId ?? null;
	return sessions[(at + step + sessions.length) % sessions.length]?.impersonationId ?? null;
}
