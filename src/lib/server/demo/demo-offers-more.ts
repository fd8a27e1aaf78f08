// The second half of what the demo's studio sells.
import { ask, must, type Offer } from './demo-offer.ts';

export const MORE_OFFERS: readonly Offer[] = [
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
