/** A row of the action log as pages show it. */
export type LogRow = {
	seq: string;
	at: number;
	title: string;
	outcome: 'done' | 'refused';
	refusal: string | null;
	actorKind: 'staff' | 'client' | 'impersonation' | 'system';
	staff: string | null;
	steeredBy?: string | null;
	heldBy?: string | null;
	client: { id: string; name: string } | null;
	contact: string | null;
	subject: { type: string; id: string | null; label: string | null } | null;
	impersonation: { id: string; startedAt: number | null; ticket: string | null } | null;
};
