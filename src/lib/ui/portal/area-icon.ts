import FileText from '@lucide/svelte/icons/file-text';
import Folder from '@lucide/svelte/icons/folder';
import House from '@lucide/svelte/icons/house';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import type { AreaKey } from '#domain/portal-areas.ts';
import type { Icon } from '#ui/base/icon.ts';

const ICONS: Record<AreaKey, Icon> = {
	home: House,
	tasks: ListChecks,
	files: Folder,
	invoices: FileText,
	'access-history': ShieldCheck
};

/** The picture of an area in the sidebar; its name may be the client's own, its picture is not. */
export const areaIcon = (key: AreaKey): Icon => ICONS[key];
