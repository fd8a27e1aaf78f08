// Use cases of the portal.
import { readAccessHistory } from '../usecases/portal/read-access-history.ts';
import { readAccessVisit } from '../usecases/portal/read-access-visit.ts';
import { readBrand } from '../usecases/portal/read-brand.ts';
import { readHome } from '../usecases/portal/read-home.ts';
import { readVisitsNow } from '../usecases/portal/read-visits-now.ts';
import type { Parts } from './parts.ts';

export function composePortal({ db }: Parts) {
	return {
		readBrand: readBrand({ db }),
		readHome: readHome({ db }),
		readAccessHistory: readAccessHistory({ db }),
		readAccessVisit: readAccessVisit({ db }),
		readVisitsNow: readVisitsNow({ db })
	};
}
