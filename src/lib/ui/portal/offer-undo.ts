import { toast } from 'svelte-sonner';
import { postAction } from './post-action.ts';

/** Long enough to read it and to reach the button by keyboard. */
const SHOWN_MS = 10_000;

export type Undo = {
	/** The action that undoes it. */
	action: string;
	fields?: Record<string, string>;
	/** What is said once it is undone. */
	undone?: string;
};

/** Says what was done and offers to undo it. Without script the page itself has a button for that. */
export function offerUndo(text: string, { action, fields = {}, undone = 'Restored.' }: Undo): void {
	toast.success(text, {
		duration: SHOWN_MS,
		action: {
			label: 'Undo',
			onClick: () => void postAction(action, fields).then((done) => done && toast.success(undone))
		}
	});
}
