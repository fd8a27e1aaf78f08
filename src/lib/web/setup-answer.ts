// What the pages of set-up answer after saving: what to say, and the row of the log by which it can be taken back.
import { z } from 'zod';

/** What an Undo button sends. */
export const undoForm = z.object({ undo: z.string() });

type Saved = { seq: string } | null;

/** Null: nothing was different, so that nothing is logged and there is nothing to take back. */
export const savedSetup = (saved: Saved, sentence: string): { saved: string; undo: string | null } => ({
	saved: saved ? sentence : 'Nothing was different.',
	undo: saved?.seq ?? null
});
