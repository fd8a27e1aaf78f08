// The pointer's way over a secret area could be read like the code that is typed there: on-screen PIN pads. What lies in
// such an area is not recorded, and neither is where on it somebody points.
import type { Loose } from '../format/events.ts';

/** Fields are typed into; where one clicks in them says nothing. */
const POINTED_AT = '[data-secret]:not(input,textarea,select)';

/** The positions that may leave; those of a moment ago are looked up where they are now. */
export function withoutSecretPlaces(positions: Loose[]): Loose[] {
	if (!document.querySelector(POINTED_AT)) return positions;
	return positions.filter(({ x, y }) => !isOverSecret(x as number, y as number));
}

function isOverSecret(x: number, y: number): boolean {
	return Number.isFinite(x) && Number.isFinite(y) && !!document.elementFromPoint(x, y)?.closest(POINTED_AT);
}
