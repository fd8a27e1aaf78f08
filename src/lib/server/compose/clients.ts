// Use cases of the agency around its clients: make, invite, assign, archive, export.
import { assignClient, assignOne } from '../usecases/clients/assign-client.ts';
import { changeClientStatus } from '../usecases/clients/change-client-status.ts';
import { changeClients } from '../usecases/clients/change-clients.ts';
import { changeContactRights } from '../usecases/clients/change-contact-rights.ts';
import { changeContactState } from '../usecases/clients/change-contact-state.ts';
import { readClientStorage } from '../usecases/clients/client-storage.ts';
import { createClient } from '../usecases/clients/create-client.ts';
import { editClient } from '../usecases/clients/edit-client.ts';
import { editContact } from '../usecases/clients/edit-contact.ts';
import { exportClients } from '../usecases/clients/export-clients.ts';
import { inviteContact, reinviteContact } from '../usecases/clients/invite-contact.ts';
import { listClients } from '../usecases/clients/list-clients.ts';
import { listColleagues } from '../usecases/clients/list-colleagues.ts';
import { endImpersonation } from '../usecases/impersonation/end-impersonation.ts';
import { endResting } from '../usecases/impersonation/end-resting.ts';
import type { Parts } from './parts.ts';

export const composeClients = ({ act, db, ids, config }: Parts) => {
	const invite = { ids, agencyOrigin: config.agencyOrigin, portalOrigin: config.portalOrigin };
	const ending = endResting({ db, end: endImpersonation({ act, db }) });
	const changeStatus = changeClientStatus({ act, endResting: ending });
	return {
		list: listClients({ db }),
		colleagues: listColleagues({ db }),
		create: createClient({ act, invite }),
		edit: editClient({ act }),
		readStorage: readClientStorage({ db }),
		changeStatus,
		assign: assignClient({ act }),
		changeMany: changeClients({ changeStatus, assignOne: assignOne({ act }) }),
		exportList: exportClients({ act, db }),
		inviteContact: inviteContact({ act, invite }),
		reinviteContact: reinviteContact({ act, invite }),
		editContact: editContact({ act, invite }),
		changeContactRights: changeContactRights({ act, invite }),
		changeContactState: changeContactState({ act, endResting: ending })
	};
};
