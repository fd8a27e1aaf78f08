// The icons a menu entry may have, by their names at Lucide. Stored in the set-up of roles, agencies and clients: added,
// never renamed [H4]. Fixed, so that a menu ships these pictures only; src/lib/ui/menu/menu-icon.ts draws them.

export const ICONS = {
	house: 'House',
	'layout-dashboard': 'Dashboard',
	inbox: 'Inbox',
	users: 'People',
	'users-round': 'Team',
	'circle-user': 'Person',
	'list-checks': 'Checklist',
	'square-check': 'Tick',
	kanban: 'Board',
	calendar: 'Calendar',
	clock: 'Clock',
	folder: 'Folder',
	'file-text': 'Document',
	image: 'Picture',
	paperclip: 'Paper clip',
	'messages-square': 'Conversation',
	mail: 'Letter',
	'life-buoy': 'Help',
	store: 'Shop',
	package: 'Parcel',
	'shopping-cart': 'Cart',
	sparkles: 'Sparkles',
	receipt: 'Receipt',
	'credit-card': 'Card',
	wallet: 'Wallet',
	'refresh-cw': 'Renewal',
	repeat: 'Repeat',
	'chart-no-axes-column': 'Chart',
	target: 'Target',
	rocket: 'Rocket',
	palette: 'Palette',
	globe: 'Globe',
	'book-open': 'Book',
	star: 'Star',
	heart: 'Heart',
	bell: 'Bell',
	eye: 'Eye',
	'shield-check': 'Shield',
	'radio-tower': 'Live',
	film: 'Film',
	'scroll-text': 'Log',
	'clipboard-check': 'Review',
	siren: 'Alert',
	settings: 'Settings'
} as const;

export type IconName = keyof typeof ICONS;

export const isIcon = (text: unknown): text is IconName =>
	typeof text === 'string' && Object.hasOwn(ICONS, text);
