// Which fields' faults the forms about files show themselves. A restore, an undo and a deletion have no field.
import type { Fault } from '#ui/portal/fault.ts';

const SHOWN: ReadonlyMap<string, readonly string[]> = new Map([
	['upload', ['file']],
	['folder', ['name']],
	['rename', ['name', 'file']],
	['move', ['to', 'name']]
]);

/** The fields that the form which was sent shows. */
export const shownFields = (fault: Pick<Fault, 'values'> | null | undefined): readonly string[] =>
	SHOWN.get(fault?.values['form'] ?? '') ?? [];
