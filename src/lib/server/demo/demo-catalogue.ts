// What the demo's studio sells, as its people would write it. Amounts in cents.
import type { IntakeKind, IntakeQuestion } from '#domain/intake-kinds.ts';
import type { Charge } from '#domain/shown-service.ts';

type Pack = [name: string, price: number, billing: Charge, features: string[], more?: { max?: number }];
type Extra = [name: string, price: number, description: string, max?: number];
type Task = [
	title: string,
	waitingOn: 'client' | 'agency',
	dueAfterDays: number | null,
	internal?: 'internal'
];
export type Offer = {
	name: string;
	category: string;
	summary: string;
	description: string;
	packages: Pack[];
	addOns: Extra[];
	faq: [question: string, answer: string][];
	questions: IntakeQuestion[];
	tasks: Task[];
	status?: 'draft' | 'archived';
	chosen?: true;
};

const ask = (
	key: string,
	label: string,
	kind: IntakeKind,
	more: Partial<IntakeQuestion> = {}
): IntakeQuestion => ({
	key,
	label,
	kind,
	required: false,
	hint: '',
	options: [],
	min: null,
	max: null,
	...more
});
const must = { required: true };

export const OFFERS: readonly Offer[] = [
	{
		name: 'Brand refresh',
		category: 'Branding',
		summary: 'A logo, colours and type that belong together, and a guide to use them.',
		description:
			'We look at how your brand is seen today, keep what people recognise and sharpen the rest.\nYou get two directions to choose from and everything as files for print and screen.',
		packages: [
			['Essentials', 149_000, 'once', ['Two directions', 'Logo in all formats', 'Colour and type guide']],
			[
				'Complete',
				329_000,
				'once',
				[
					'Three directions',
					'Logo in all formats',
					'Brand guide of 24 pages',
					'Business cards and letterhead'
				]
			]
		],
		addOns: [
			['Social media kit', 39_000, 'Profile pictures, covers and five post templates.'],
			['Further direction', 45_000, 'One more idea to choose from.', 3]
		],
		faq: [
			['How long does it take?', 'About four weeks from the first talk to the last file.'],
			['Can we keep our logo?', 'Yes. Tell us what has to stay and we build around it.']
		],
		questions: [
			ask('about', 'What does your business do, in your own words?', 'long_text', { ...must, min: 20 }),
			ask('feel', 'How should it feel?', 'multiple', {
				...must,
				options: ['Warm', 'Modern', 'Playful', 'Calm', 'Bold', 'Classic'],
				max: 3,
				hint: 'Up to three.'
			}),
			ask('keep', 'Does the logo have to stay?', 'yes_no', must),
			ask('like', 'A brand you admire', 'link')
		],
		tasks: [
			['Send us the files of your logo', 'client', 5],
			['Book the first talk', 'agency', 3],
			['Set up the project folder', 'agency', 1, 'internal']
		]
	},
	{
		name: 'Website care',
		category: 'Web',
		summary: 'Updates, backups and small changes, so that your site stays fast and safe.',
		description:
			'Somebody looks at your site every week: updates, backups, broken links and speed. Small changes are included.',
		packages: [
			['Light', 7_900, 'month', ['Weekly updates', 'Daily backups', '30 minutes of changes']],
			[
				'Standard',
				14_900,
				'month',
				['Weekly updates', 'Hourly backups', '2 hours of changes', 'Monthly report']
			],
			['Standard, by the year', 149_000, 'year', ['As Standard', 'Two months free']]
		],
		addOns: [['Clean-up to begin with', 29_000, 'We remove what nobody needs any more.']],
		faq: [
			['What if we need more time?', 'We tell you before, and it is charged by the hour.'],
			['Can we cancel?', 'Any time, to the end of the period that is paid.']
		],
		questions: [
			ask('site', 'Address of your site', 'link', must),
			ask('system', 'What is it made with?', 'choice', {
				...must,
				options: ['WordPress', 'Shopify', 'Another system', 'I do not know']
			})
		],
		tasks: [
			['Give us access to your site', 'client', 4],
			['First check of the site', 'agency', 7],
			['Set up monitoring', 'agency', 2, 'internal']
		]
	},
	{
		name: 'SEO retainer',
		category: 'Marketing',
		summary: 'Be found for what you are good at, measured every month.',
		description:
			'Research, texts and technical work in small steps, with a report you can read in five minutes.',
		packages: [
			['Local', 39_000, 'month', ['One town', 'Map listings', 'One article a month']],
			['Growth', 79_000, 'month', ['Whole country', 'Three articles a month', 'Technical work included']]
		],
		addOns: [['Competitor study', 59_000, 'Three competitors, compared with you.']],
		faq: [
			['When do we see results?', 'First movements after six to ten weeks; steady growth after six months.']
		],
		questions: [
			ask('site', 'Address of your site', 'link', must),
			ask('words', 'What should people find you for?', 'long_text', must),
			ask('towns', 'How many towns do you serve?', 'number', { min: 1, max: 500 })
		],
		tasks: [
			['Share access to Search Console', 'client', 5],
			['Write the keyword plan', 'agency', 14]
		]
	},
	{
		name: 'Product photography',
		category: 'Content',
		summary: 'Your products on white or at home, ready for shop and print.',
		description: 'You send or bring the products, we style, shoot and retouch. Delivered within ten days.',
		packages: [
			['Half a day', 38_000, 'once', ['Up to 15 products', 'White ground', 'Retouched'], { max: 5 }],
			['Full day', 69_000, 'once', ['Up to 35 products', 'White ground or set', 'Retouched'], { max: 3 }]
		],
		addOns: [
			['Model', 42_000, 'For half a day, with rights for two years.', 2],
			['Express delivery', 12_000, 'Within three days.']
		],
		faq: [['Who pays for sending?', 'Sending to us is yours, sending back is included.']],
		questions: [
			ask('count', 'How many products?', 'number', { ...must, min: 1, max: 200 }),
			ask('wish', 'Wished day', 'date', { hint: 'We confirm it or suggest another.' }),
			ask('where', 'What is it for?', 'multiple', { options: ['Shop', 'Print', 'Social media', 'Packaging'] })
		],
		tasks: [
			['Send the products or bring them', 'client', 7],
			['Confirm the day of the shooting', 'agency', 2]
		]
	},
	{
		name: 'Social media package',
		category: 'Marketing',
		summary: 'Planned, written and posted: your channels, kept alive.',
		description: 'A plan each month, posts for your approval, and answers to comments on working days.',
		packages: [
			['Eight posts', 49_000, 'month', ['One channel', '8 posts a month', 'Plan for approval']],
			[
				'Sixteen posts',
				84_000,
				'month',
				['Two channels', '16 posts a month', 'Short videos', 'Answers to comments']
			]
		],
		addOns: [['Photo walk', 24_000, 'Two hours at your place for fresh pictures.']],
		faq: [['Who decides what is posted?', 'You do: nothing goes out before you approve the plan.']],
		questions: [
			ask('channels', 'Which channels?', 'multiple', {
				...must,
				options: ['Instagram', 'Facebook', 'LinkedIn', 'TikTok']
			}),
			ask('tone', 'What must never be posted?', 'long_text')
		],
		tasks: [
			['Give us access to your channels', 'client', 3],
			['Plan of the first month', 'agency', 10]
		]
	},
	{
		name: 'Landing page',
		category: 'Web',
		summary: 'One page for one offer, written, designed and live in two weeks.',
		description: 'For a campaign, a product or an event. Text, design, form and measuring are included.',
		packages: [
			['One language', 98_000, 'once', ['Text and design', 'Contact form', 'Measuring'], { max: 3 }],
			['Two languages', 139_000, 'once', ['Text and design', 'Translation', 'Contact form', 'Measuring']]
		],
		addOns: [
			['A/B test', 29_000, 'Two headlines against each other for four weeks.'],
			['Newsletter form', 9_500, 'Connected to the tool you use.']
		],
		faq: [['Where is it hosted?', 'On your site, or with us for three months without charge.']],
		questions: [
			ask('offer', 'What is offered on the page?', 'long_text', must),
			ask('live', 'When does it have to be live?', 'date', must),
			ask('contact', 'Where do answers go?', 'email', must)
		],
		tasks: [
			['Send us the texts you have', 'client', 3],
			['First draft of the page', 'agency', 7]
		]
	},
	{
		name: 'Newsletter',
		category: 'Marketing',
		summary: 'Written, laid out and sent, with a look at who read what.',
		description: 'One newsletter from your notes, in your design.',
		packages: [
			['Single issue', 17_900, 'once', ['Text from your notes', 'Layout', 'Sending'], { max: 12 }],
			['Monthly', 14_900, 'month', ['One issue a month', 'Plan for the year', 'Report']]
		],
		addOns: [],
		faq: [],
		questions: [
			ask('topic', 'Topic of the issue', 'short_text', must),
			ask('send', 'When to send it', 'date')
		],
		tasks: [['Send us your notes', 'client', 4]]
	},
	{
		name: 'Accessibility check',
		category: 'Web',
		summary: 'What keeps people out of your site, and how to fix it.',
		description:
			'By hand, with screen readers and keyboard, against WCAG 2.2 AA. With a list your developer can work from.',
		packages: [
			['Ten pages', 89_000, 'once', ['Ten pages', 'Report', 'One hour of questions']],
			['Twenty-five pages', 179_000, 'once', ['25 pages', 'Report', 'Check after the fixes']]
		],
		addOns: [['Workshop', 65_000, 'Half a day with your team.']],
		faq: [['Is it a certificate?', 'No, a report. It is what a certificate would be based on.']],
		questions: [ask('site', 'Address of your site', 'link', must)],
		tasks: [['Choose the pages together', 'client', 5]]
	},
	{
		name: 'Priority desk',
		category: 'Care',
		summary: 'Answers within an hour, by people who know you.',
		description: 'For clients who run on their site. By arrangement.',
		packages: [['Desk', 59_000, 'month', ['Answer within an hour', 'Own contact', 'Weekends on call']]],
		addOns: [],
		faq: [],
		questions: [ask('phone', 'A number we reach on weekends', 'short_text', must)],
		tasks: [['Agree on who may call', 'client', 3]],
		chosen: true
	},
	{
		name: 'Podcast production',
		category: 'Content',
		summary: 'From the first idea to the feed.',
		description: 'Being prepared.',
		packages: [['Pilot', 120_000, 'once', ['Concept', 'One episode']]],
		addOns: [],
		faq: [],
		questions: [],
		tasks: [],
		status: 'draft'
	},
	{
		name: 'Flyer',
		category: 'Content',
		summary: 'No longer offered.',
		description: '',
		packages: [['A5', 24_000, 'once', ['Design', 'Print file']]],
		addOns: [],
		faq: [],
		questions: [],
		tasks: [],
		status: 'archived'
	}
];
