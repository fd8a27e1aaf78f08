// The names of the demo: clients with their trade, and the people who sign in there.

export type DemoClientName = { name: string; industry: string; domain: string };

const line = (industry: string, ...names: string[]): DemoClientName[] =>
	names.map((name) => ({
		name,
		industry,
		domain: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.test`
	}));

/** The clients beside the four that the contract names. */
export const OTHER_CLIENTS: readonly DemoClientName[] = [
	...line(
		'Food and drink',
		'Amber Roastery',
		'Blue Fig Deli',
		'Crumb & Co',
		'Juniper Tea House',
		'Lemon Grove'
	),
	...line('Food and drink', 'Old Mill Brewery', 'Saltwater Fish Bar', 'Tidal Oysters', 'Whistle Stop Diner'),
	...line(
		'Health',
		'Alder Physio',
		'Clearview Opticians',
		'Greenfield Vets',
		'Harbour Hearing',
		'Meadow Midwives'
	),
	...line('Health', 'Pine Street Pharmacy', 'Riverside Surgery', 'Summit Sports Clinic'),
	...line(
		'Professional services',
		'Ashford Legal',
		'Beacon Accountants',
		'Calder Surveyors',
		'Fenwick Notaries'
	),
	...line('Professional services', 'Grant & Moss Architects', 'Kestrel Insurance', 'Larkhill Recruitment'),
	...line('Professional services', 'Orchard Financial', 'Quill Translations', 'Wren Tax Advisers'),
	...line(
		'Retail',
		'Bluestone Outdoor',
		'Copper Kettle Homeware',
		'Finch Florists',
		'Hazel & Rye',
		'Isle Ceramics'
	),
	...line('Retail', 'Little Lantern Toys', 'Moss Garden Centre', 'Paper Crane Books', 'Second Spoke Cycles'),
	...line('Retail', 'Thistle Knitwear', 'Velvet Thread Tailors'),
	...line(
		'Trades',
		'Bright Spark Electrical',
		'Dry Stone Roofing',
		'Evergreen Landscaping',
		'Forge Metalworks'
	),
	...line('Trades', 'Granite Worktops', 'Ironbridge Plumbing', 'North Wall Builders', 'Oak & Iron Joinery'),
	...line(
		'Travel and leisure',
		'Coastline Kayaks',
		'Fellside Cottages',
		'Gallery on the Quay',
		'Highland Trails'
	),
	...line(
		'Travel and leisure',
		'Lakeview Hotel',
		'Mariner Sailing School',
		'Nightjar Theatre',
		'Rook Chess Club'
	),
	...line('Education', 'Acorn Nursery', 'Brightwater Academy', 'Keystone Tutors', 'Minster Music School'),
	...line('Technology', 'Gridline Energy', 'Helix Instruments', 'Packet Post', 'Umbra Security')
];

export const FIRST_NAMES = (
	'Aisha Alan Anna Arjun Beth Carla Chen Clara Daniel Dora Elena Emeka Farah Felix Grace ' +
	'Hana Hugo Ines Ivan Jonas Kate Leila Liam Lucia Marta Mei Nadia Nils Omar Paula Priya ' +
	'Rosa Samuel Sara Theo Yusuf'
).split(' ');

export const LAST_NAMES = (
	'Adeyemi Barker Bauer Castillo Dahl Evans Fischer Garcia Haddad Ito Jensen Kaur Kowalski ' +
	'Lindqvist Marsh Moreau Novak Okafor Patel Quinn Rossi Silva Tanaka Usman Varga Walsh ' +
	'Yilmaz Zimmer'
).split(' ');

export const JOB_TITLES = [
	'Office manager',
	'Marketing lead',
	'Bookkeeper',
	'Operations',
	'Assistant'
] as const;
