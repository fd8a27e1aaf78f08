// Why a recording should be looked at, in words. Apart from the rules, whose library browsers never get.

/** Stored with each recording: added, never renamed [H4]. `weight`: how much it counts alone, of 100. */
export const RISKS = {
	money: { label: 'Money', text: 'Orders, plans or payments were changed or tried', weight: 45 },
	permissions: { label: 'Access', text: 'Tried to change who may sign in, or how', weight: 45 },
	incomplete: { label: 'Incomplete', text: 'Parts of the recording are missing', weight: 40 },
	stopped: { label: 'Stopped', text: 'Somebody else froze or ended it', weight: 40 },
	exports: { label: 'Downloads', text: 'Many files or invoices were downloaded', weight: 35 },
	refused: { label: 'Refused', text: 'Something was tried and refused', weight: 20 },
	sensitive: { label: 'Sensitive', text: 'Something was deleted or changed for good', weight: 20 },
	hours: { label: 'Out of hours', text: 'It began outside of working hours', weight: 20 },
	many: { label: 'Many clients', text: 'One of many impersonations within an hour', weight: 20 },
	share: { label: 'Random share', text: 'Chosen by chance', weight: 0 }
} as const;
export type RiskKey = keyof typeof RISKS;
export const RISK_KEYS = Object.keys(RISKS) as RiskKey[];

export type RiskReason = { key: RiskKey; count: number };

/** "Money × 2" */
export const reasonText = ({ key, count }: RiskReason): string =>
	count > 1 ? `${RISKS[key].label} × ${count}` : RISKS[key].label;

export type RiskLevel = 'high' | 'medium' | 'low';
export function riskLevel(risk: number): RiskLevel {
	if (risk >= 60) return 'high';
	return risk >= 30 ? 'medium' : 'low';
}
