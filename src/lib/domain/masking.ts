// How much of a recorded page is masked before anything leaves it (product.md §What is masked). Secrets never leave in
// any of the profiles; these differ in what else is masked.

/** From the mildest to the strictest; each masks all that the one before it masks. */
export const MASKINGS = ['personal', 'inputs', 'text'] as const;

/** `personal`: secrets and personal data. `inputs`: and whatever is typed or chosen. `text`: and every word not marked as public. */
export type MaskingProfile = (typeof MASKINGS)[number];

/** True when a page recorded under `page` shows more than `wanted` allows now. */
export const isMilder = (page: MaskingProfile, wanted: MaskingProfile): boolean =>
	MASKINGS.indexOf(page) < MASKINGS.indexOf(wanted);

/** Where nobody can say what may be shown. */
export const STRICTEST_MASKING: MaskingProfile = 'text';

/**
 * What stands masked on a screen: `personal` shows to whoever unmasks the recording, `withheld` to nobody, since it never left the
 * page (a secret, or what a profile masks). Stored.
 */
export const MASKED_KINDS = ['personal', 'withheld'] as const;
export type MaskedKind = (typeof MASKED_KINDS)[number];
