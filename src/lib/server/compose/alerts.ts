// Use cases of alerts: raising them, reading and settling them, and what raises them.
import { findMoment } from '../usecases/alerts/find-moment.ts';
import { listAlerts, listRunningAlerts } from '../usecases/alerts/list-alerts.ts';
import { raiseAlerts } from '../usecases/alerts/raise-alerts.ts';
import { readAlertRules, saveAlertRules } from '../usecases/alerts/save-alert-rules.ts';
import { settleAlert } from '../usecases/alerts/settle-alert.ts';
import type { Parts } from './parts.ts';

export function composeAlerts({ db, act, ids, log }: Parts) {
	const onError = (err: unknown): void => log.error({ event: 'alerts.raise_failed', err });
	return {
		raise: raiseAlerts({ db, act, ids, onError }),
		list: listAlerts({ db }),
		listRunning: listRunningAlerts({ db }),
		findMoment: findMoment({ db }),
		settle: settleAlert({ act, db }),
		readRules: readAlertRules({ db }),
		saveRules: saveAlertRules({ act })
	};
}
