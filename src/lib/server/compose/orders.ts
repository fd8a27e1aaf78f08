// Use cases of orders, on both sides.
import { addOrderFile } from '../usecases/orders/add-order-file.ts';
import { cancelOrder } from '../usecases/orders/cancel-order.ts';
import { listOrderable } from '../usecases/orders/list-orderable.ts';
import { listAllOrders, listClientOrders, listOrders } from '../usecases/orders/list-orders.ts';
import { messageAboutOrder } from '../usecases/orders/message-about-order.ts';
import { moveOrder } from '../usecases/orders/move-order.ts';
import { placeOrder } from '../usecases/orders/place-order.ts';
import { readOrder, readOrderForStaff } from '../usecases/orders/read-order.ts';
import { restoreOrder } from '../usecases/orders/restore-order.ts';
import { readOrderForm, reviewOrder } from '../usecases/orders/review-order.ts';
import type { Parts } from './parts.ts';

export const composeOrders = ({ db, act, ids, blobs }: Parts) => ({
	list: listOrders({ db }),
	read: readOrder({ db }),
	readForm: readOrderForm({ db }),
	review: reviewOrder({ db, ids }),
	place: placeOrder({ act, ids }),
	cancel: cancelOrder({ act, db, ids }),
	restore: restoreOrder({ act, db, ids }),
	message: messageAboutOrder({ act, db, ids }),
	addFile: addOrderFile({ act, db, ids, blobs }),
	listAll: listAllOrders({ db }),
	listOfClient: listClientOrders({ db }),
	listOrderable: listOrderable({ db }),
	readForStaff: readOrderForStaff({ db }),
	move: moveOrder({ act, db, ids })
});
