import type { Tone } from '#ui/base/tone.ts';

/** How a service's state is written. */
export const SERVICE_STATUS: Record<'draft' | 'published' | 'archived', { label: string; tone: Tone }> = {
	draft: { label: 'Draft', tone: 'warn' },
	published: { label: 'Published', tone: 'ok' },
	archived: { label: 'Archived', tone: 'neutral' }
};
