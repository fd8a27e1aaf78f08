// What overseers are alerted to, in words, and what an agency may set of each. Apart from the rules, whose library browsers
// never get.

/** A number that an agency may set. */
export type AlertLimit = { key: string; label: string; hint: string; min: number; max: number };

/** Stored with each alert and in the settings: added, never renamed [H4]. */
export const ALERT_RULES = {
	many_clients: {
		label: 'Many clients',
		text: 'One person enters the portals of many clients within an hour.',
		limits: [{ key: 'clients', label: 'From clients', hint: 'Within an hour. 2 to 50.', min: 2, max: 50 }]
	},
	out_of_hours: {
		label: 'Out of hours',
		text: 'An impersonation begins outside of the working hours of the review rules.',
		limits: []
	},
	downloads: {
		label: 'Many downloads',
		text: 'One person downloads many files or invoices within an hour, inside portals or outside.',
		limits: [
			{ key: 'downloadsAnHour', label: 'From downloads', hint: 'Within an hour. 2 to 500.', min: 2, max: 500 }
		]
	},
	refused: {
		label: 'Refused attempts',
		text: 'One person tries again and again what is refused. What a silent recorder refused does not count.',
		limits: [
			{ key: 'refusedAnHour', label: 'From attempts', hint: 'Within an hour. 2 to 200.', min: 2, max: 200 }
		]
	},
	silent: {
		label: 'Recorder silent',
		text: 'No page of a running impersonation is heard of. After two minutes it ends by itself.',
		limits: [{ key: 'silentSeconds', label: 'Silent for seconds', hint: '20 to 110.', min: 20, max: 110 }]
	},
	long: {
		label: 'Unusually long',
		text: 'A running impersonation lasts much longer than this agency’s own do, or than a fixed time.',
		limits: [
			{
				key: 'longTimes',
				label: 'Times the usual length',
				hint: 'The middle of your last 100, once there are 20. 2 to 20.',
				min: 2,
				max: 20
			},
			{ key: 'longMinutes', label: 'Or from minutes', hint: 'In any case. 5 to 60.', min: 5, max: 60 }
		]
	}
} as const satisfies Record<string, { label: string; text: string; limits: readonly AlertLimit[] }>;
export type AlertRule = keyof typeof ALERT_RULES;
export const ALERT_RULE_KEYS = Object.keys(ALERT_RULES) as AlertRule[];

/** What became of an alert. Stored: added, never renamed [H4]. */
export const ALERT_STATES = { open: 'Open', seen: 'Seen', handled: 'Handled' } as const;
export type AlertState = keyof typeof ALERT_STATES;

export const MAX_ALERT_NOTE = 500;

const SENTENCES: Record<AlertRule, (count: number) => string> = {
	many_clients: (count) => `${count} clients within an hour`,
	out_of_hours: () => 'began outside of working hours',
	downloads: (count) => `${count} downloads within an hour`,
	refused: (count) => `${count} refused attempts within an hour`,
	silent: (count) => `nothing heard of the recorder for ${count} seconds`,
	long: (count) => `inside for ${count} minutes`
};

/** "8 clients within an hour" */
export const alertSentence = (rule: AlertRule, count: number): string => SENTENCES[rule](count);

export const isAlertRule = (text: unknown): text is AlertRule =>
	typeof text === 'string' && Object.hasOwn(ALERT_RULES, text);
