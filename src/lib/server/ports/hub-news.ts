// What hubs tell each other of the sockets they hold. Delivered to every hub, the speaker included, in the order each spoke,
// and kept nowhere: hubs count what they hear and ask again for what was lost. Not in it: what the words mean (realtime/hub).

export interface HubNews {
	/** @throws AppError `try_later` when nobody can be told right now */
	publish(text: string): Promise<void>;
	/** @returns a function that ends the listening */
	subscribe(receive: (text: string) => void): () => void;
	close(): Promise<void>;
}
