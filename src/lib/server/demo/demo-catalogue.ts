// What the demo's studio sells, as its people would write it.
import { ask, must, type Offer } from './demo-offer.ts';
import { MORE_OFFERS } from './demo-offers-more.ts';

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
	...MORE_OFFERS
];
