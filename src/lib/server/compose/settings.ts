// Use cases of policy, appearance, invoicing, announcements and notifications.
import {
	createAnnouncement,
	editAnnouncement,
	removeAnnouncement,
	restoreAnnouncement
} from '../usecases/settings/change-announcement.ts';
import {
	listAnnouncements,
	listClientNames,
	readAnnouncement
} from '../usecases/settings/list-announcements.ts';
import { readLogo } from '../usecases/settings/read-logo.ts';
import { readAppearance, saveAppearance } from '../usecases/settings/save-appearance.ts';
import { readInvoicing, saveInvoicing } from '../usecases/settings/save-invoicing.ts';
import { readNoticeDefaults, saveNoticeDefaults } from '../usecases/settings/save-notice-defaults.ts';
import { readPolicy, savePolicy } from '../usecases/settings/save-policy.ts';
import { readZones, saveZones } from '../usecases/settings/save-zones.ts';
import { removeLogo, setLogo } from '../usecases/settings/set-logo.ts';
import type { Parts } from './parts.ts';

export const composeSettings = ({ db, act, ids, blobs }: Parts) => ({
	readPolicy: readPolicy({ db }),
	savePolicy: savePolicy({ act }),
	readZones: readZones({ db }),
	saveZones: saveZones({ act }),
	readAppearance: readAppearance({ db }),
	saveAppearance: saveAppearance({ act }),
	readLogo: readLogo({ db, blobs }),
	setLogo: setLogo({ act, blobs, ids }),
	removeLogo: removeLogo({ act, blobs, ids }),
	readInvoicing: readInvoicing({ db }),
	saveInvoicing: saveInvoicing({ act }),
	readNoticeDefaults: readNoticeDefaults({ db }),
	saveNoticeDefaults: saveNoticeDefaults({ act }),
	listAnnouncements: listAnnouncements({ db }),
	readAnnouncement: readAnnouncement({ db }),
	listClientNames: listClientNames({ db }),
	createAnnouncement: createAnnouncement({ act, ids }),
	editAnnouncement: editAnnouncement({ act }),
	removeAnnouncement: removeAnnouncement({ act }),
	restoreAnnouncement: restoreAnnouncement({ act })
});
