// News between the web, the hub and the worker. A lost signal is harmless: every holder of a right also sweeps
// the database. Not in it: anything that must not be lost (that is the outbox's work).

/** Something changed; receivers read the row again and never trust the payload for a decision. */
export type Signal =
	| { topic: 'impersonation.changed'; agencyId: string; impersonationId: string }
	| { topic: 'impersonation.ended'; agencyId: string; impersonationId: string; reason: string }
	| { topic: 'rights.changed'; agencyId: string; staffId: string }
	| { topic: 'action.logged'; agencyId: string; impersonationId: string; seq: string }
	| { topic: 'view.written'; agencyId: string; impersonationId: string; viewId: string }
	| { topic: 'page.sealed'; agencyId: string; impersonationId: string; pageId: string; seq: number }
	| { topic: 'fault.noted'; agencyId: string; impersonationId: string; faultId: string }
	| { topic: 'recording.erased'; agencyId: string; impersonationId: string };

export interface Signals {
	publish(signal: Signal): Promise<void>;
	/** @returns a function that ends the subscription */
	subscribe(receive: (signal: Signal) => void): () => void;
	close(): Promise<void>;
}
