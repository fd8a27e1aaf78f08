// Ends what one connection watches, for whatever reason: asked to, disconnected, or the impersonation is over.
import type { HubContext } from './hub-context.ts';
import type { WatchConnection } from './watch-connections.ts';

/** The last tab of a person closes the watch. */
export function leaveSession(
	context: Pick<HubContext, 'rooms' | 'presence' | 'watchers' | 'control' | 'now'>,
	connection: WatchConnection
): void {
	const { watching, actor, socket } = connection;
	context.watchers.endStream(connection);
	context.control.desk.letGo(socket.id);
	connection.joining = null;
	connection.watching = null;
	connection.wants = null;
	if (!watching) return;
	const { staffId } = actor;
	context.rooms.apply(watching, { kind: 'watcher-left', now: context.now(), staffId, connection: socket.id });
	context.presence.leave(staffId, watching);
}
