import CircleUser from '@lucide/svelte/icons/circle-user';
import FileText from '@lucide/svelte/icons/file-text';
import Folder from '@lucide/svelte/icons/folder';
import House from '@lucide/svelte/icons/house';
import ListChecks from '@lucide/svelte/icons/list-checks';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Package from '@lucide/svelte/icons/package';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Store from '@lucide/svelte/icons/store';
import type { AreaKey } from '#domain/portal-elements.ts';
import type { Icon } from '#ui/base/icon.ts';

const ICONS: Record<AreaKey, Icon> = {
	home: House,
	tasks: ListChecks,
	files: Folder,
	messages: MessagesSquare,
	services: Store,
	orders: Package,
	invoices: FileText,
	subscriptions: RefreshCw,
	account: CircleUser,
	'access-history': ShieldCheck
};

/** The picture of an area in the sidebar; its name may be the client's own, its picture is not. */
export const areaIcon = (key: AreaKey): Icon => ICONS[key];
