// Use cases of the catalogue of services.
import {
	archiveService,
	moveService,
	publishService,
	showServiceTo
} from '../usecases/services/change-service.ts';
import { listCatalogue } from '../usecases/services/list-catalogue.ts';
import { listServices } from '../usecases/services/list-services.ts';
import { listClientServices, listServiceClients } from '../usecases/services/list-visibility.ts';
import { readServiceDraft, startServiceDraft } from '../usecases/services/read-service-draft.ts';
import { readService } from '../usecases/services/read-service.ts';
import { createService, editService } from '../usecases/services/save-service.ts';
import type { Parts } from './parts.ts';

export const composeServices = ({ db, act, ids }: Parts) => ({
	listCatalogue: listCatalogue({ db }),
	read: readService({ db }),
	list: listServices({ db }),
	startDraft: startServiceDraft({ db }),
	readDraft: readServiceDraft({ db }),
	create: createService({ act, ids }),
	edit: editService({ act, ids }),
	publish: publishService({ act }),
	archive: archiveService({ act }),
	move: moveService({ act }),
	showTo: showServiceTo({ act }),
	listOfClient: listClientServices({ db }),
	listClients: listServiceClients({ db })
});
