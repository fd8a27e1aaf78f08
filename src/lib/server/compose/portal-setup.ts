// Use cases of sidebars, portal defaults and overrides.
import { changeClientPortal } from '../usecases/portal-setup/change-client-portal.ts';
import { readClientSetup, readPortalDefaults, readSidebars } from '../usecases/portal-setup/read-setup.ts';
import { saveSidebar } from '../usecases/portal-setup/save-sidebar.ts';
import { setPortalDefaults } from '../usecases/portal-setup/set-portal-defaults.ts';
import { undoSetup } from '../usecases/portal-setup/undo-setup.ts';
import type { Parts } from './parts.ts';

export const composePortalSetup = ({ db, act }: Parts) => ({
	readSidebars: readSidebars({ db }),
	saveSidebar: saveSidebar({ act, db }),
	readDefaults: readPortalDefaults({ db }),
	setDefaults: setPortalDefaults({ act, db }),
	readClientSetup: readClientSetup({ db }),
	changeClientPortal: changeClientPortal({ act, db }),
	undo: undoSetup({ act, db })
});
