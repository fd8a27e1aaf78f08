// The two modes and the reasons a start may give. Apart from the policy, whose schema would drag zod into the browser.

export const MODES = ['view', 'act'] as const;
export type Mode = (typeof MODES)[number];

export const REASONS = {
	support: 'Support',
	onboarding: 'Onboarding',
	billing: 'Billing',
	verify: 'Verify set-up',
	other: 'Other'
} as const;
export type Reason = keyof typeof REASONS;
