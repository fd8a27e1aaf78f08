// Use cases of sidebars, portal defaults and overrides.
import { changeClientPortal } from '../usecases/portal-setup/change-client-portal.ts';
import { readClientSetup, readPortalDefaults, readSidebars } from '../usecases/portal-setup/read-setup.ts';
import { saveSidebar } from '../usecases/portal-setup/save-sidebar.ts';
import { setPortalDefaults } from '../usecases/portal-setup/set-portal-defaults.ts';
import type { Parts } from './parts.ts';

export const composePortalSetup = ({ db, act }: Parts) => ({
	readSidebars: readSidebars({ db }),
	saveSidebar: saveSidebar({ act }),
	readDefaults: readPortalDefaults({ db }),
	setDefaults: setPortalDefaults({ act }),
	readClientSetup: readClientSetup({ db }),
	changeClientPortal: changeClientPortal({ act })
});
