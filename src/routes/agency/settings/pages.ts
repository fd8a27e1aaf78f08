import Archive from '@lucide/svelte/icons/archive';
import Bell from '@lucide/svelte/icons/bell';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import LayoutList from '@lucide/svelte/icons/layout-list';
import Mail from '@lucide/svelte/icons/mail';
import Megaphone from '@lucide/svelte/icons/megaphone';
import Palette from '@lucide/svelte/icons/palette';
import Receipt from '@lucide/svelte/icons/receipt';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Siren from '@lucide/svelte/icons/siren';
import ToggleRight from '@lucide/svelte/icons/toggle-right';
import type { Permission } from '#domain/permissions.ts';
import type { Icon } from '#ui/base/icon.ts';

type SettingsPage = { href: string; title: string; text: string; icon: Icon; needs: Permission };

/** The pages of Settings, as its index shows them to those who may open them. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
	{
		href: '/settings/sidebar',
		title: 'Sidebar & Access',
		text: 'Names, icons, order and entries of the menus of each role and of every client.',
		icon: LayoutList,
		needs: 'portal.manage'
	},
	{
		href: '/settings/portal',
		title: 'Portal defaults',
		text: 'Which sections, fields and actions every client sees, unless their own set-up says otherwise.',
		icon: ToggleRight,
		needs: 'portal.manage'
	},
	{
		href: '/settings/policy',
		title: 'Impersonation policy',
		text: 'When staff may enter a client’s portal, for how long, and what the client is told.',
		icon: ShieldCheck,
		needs: 'policy.manage'
	},
	{
		href: '/settings/review',
		title: 'Review rules',
		text: 'Which ended recordings ask for a second pair of eyes, and until when.',
		icon: ClipboardCheck,
		needs: 'policy.manage'
	},
	{
		href: '/settings/alerts',
		title: 'Alert rules',
		text: 'What stands out while staff are inside, and from how much on people are told.',
		icon: Siren,
		needs: 'policy.manage'
	},
	{
		href: '/settings/retention',
		title: 'Retention',
		text: 'How long recordings are kept, legal holds, and what was removed.',
		icon: Archive,
		needs: 'policy.manage'
	},
	{
		href: '/settings/appearance',
		title: 'Appearance',
		text: 'Name, logo and accent colour, here and in every client’s portal.',
		icon: Palette,
		needs: 'settings.manage'
	},
	{
		href: '/settings/announcements',
		title: 'Announcements',
		text: 'News on the home page of all clients, or of one.',
		icon: Megaphone,
		needs: 'settings.manage'
	},
	{
		href: '/settings/invoicing',
		title: 'Invoicing and storage',
		text: 'What stands on invoices, how they are taxed and when they are due; how much a client may store.',
		icon: Receipt,
		needs: 'settings.manage'
	},
	{
		href: '/settings/notifications',
		title: 'Notifications',
		text: 'What people are told by default, until they choose for themselves.',
		icon: Bell,
		needs: 'settings.manage'
	},
	{
		href: '/settings/mail',
		title: 'Mail',
		text: 'Mails that could not be delivered, and another try.',
		icon: Mail,
		needs: 'settings.manage'
	}
];
