// The part of `ShadowDocument` that recordings are made with, so that tests can put another in its place.
import type { RecordedEvent } from '#recorder/format/events.ts';

export type Shadow = {
	readonly state: 'empty' | 'whole' | 'unsure' | 'too-large';
	readonly approximateBytes: number;
	apply(event: RecordedEvent): void;
	checkpoint(at: number): RecordedEvent[];
};
