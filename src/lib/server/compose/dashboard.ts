// Use cases of the agency's first page.
import { readDashboard } from '../usecases/dashboard/read-dashboard.ts';
import type { Parts } from './parts.ts';

export const composeDashboard = ({ db }: Parts) => ({ read: readDashboard({ db }) });
