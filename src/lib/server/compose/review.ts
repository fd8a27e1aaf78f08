// Use cases of reviewing: the queue, verdicts, comments, and what is worth a look.
import { listSavedViews, removeView, saveView } from '../usecases/agency/saved-views.ts';
import { addComment } from '../usecases/review/add-comment.ts';
import { assessRecordings } from '../usecases/review/assess-recordings.ts';
import { assignReview } from '../usecases/review/assign-review.ts';
import { bookmarkMoment } from '../usecases/review/bookmark-moment.ts';
import { decideReview } from '../usecases/review/decide-review.ts';
import { holdRecordings } from '../usecases/review/hold-recordings.ts';
import { listReviews } from '../usecases/review/list-reviews.ts';
import { readNotes } from '../usecases/review/read-comments.ts';
import { readReviewCoverage } from '../usecases/review/read-coverage.ts';
import { nextReview, readReview } from '../usecases/review/read-review.ts';
import { removeComment } from '../usecases/review/remove-comment.ts';
import { readReviewRules, saveReviewRules } from '../usecases/review/save-review-rules.ts';
import type { Parts } from './parts.ts';

export function composeReview({ db, act, ids, liveLog, log }: Parts) {
	return {
		assessEnded: assessRecordings({
			db,
			liveLog,
			ids,
			onError: (err, impersonationId) => log.error({ event: 'review.assess_failed', impersonationId, err })
		}),
		list: listReviews({ db }),
		read: readReview({ db }),
		next: nextReview({ db }),
		assign: assignReview({ act, db }),
		decide: decideReview({ act, db }),
		readCoverage: readReviewCoverage({ db }),
		readNotes: readNotes({ db }),
		addComment: addComment({ act, db, ids }),
		removeComment: removeComment({ act, db }),
		bookmark: bookmarkMoment({ act, db }),
		hold: holdRecordings({ act, db }),
		listViews: listSavedViews({ db }, 'recordings'),
		saveView: saveView({ act, ids }, 'recordings'),
		removeView: removeView({ act }, 'recordings'),
		readRules: readReviewRules({ db }),
		saveRules: saveReviewRules({ act })
	};
}
