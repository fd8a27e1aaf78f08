// A child that never outlives us, even when we are killed by SIGKILL and can run no code of our own.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { RunAs } from './run-as.ts';

export type GuardedProcess = {
	/** Resolves with the exit code; null when a signal ended it. */
	exited: Promise<number | null>;
	/** Last lines it wrote to stderr. */
	log(): string;
	/** Calls back with every new piece of stderr. */
	onLog(receive: (log: string) => void): void;
	/** Asks it to end: for PostgreSQL a fast shutdown. */
	end(): void;
	/** From now on it does not keep our own process alive. */
	unref(): void;
};

/** Enough of stderr to explain a failed start, not enough to grow. */
const MAX_LOG_CHARS = 20_000;

// A shell waits on our pipe beside the program. However we die, the kernel closes our end, `cat` ends and the program
// gets SIGINT, which PostgreSQL takes as a fast shutdown and initdb as an order to clean up.
const GUARD = `"$@" </dev/null 3<&- & pid=$!
(cat <&3; kill -INT $pid) >/dev/null 2>&1 & guard=$!
wait $pid; code=$?
kill $guard 2>/dev/null
exit $code`;

/** Only what PostgreSQL needs: a PGDATA or PGOPTIONS of the caller must not steer it. */
const environment = (): NodeJS.ProcessEnv => ({
	PATH: '/usr/local/bin:/usr/bin:/bin',
	LC_ALL: 'C.UTF-8',
	TZ: 'UTC'
});

/** Starts a program under the user that `who` says. */
export function guardedProcess(who: RunAs, command: readonly string[]): GuardedProcess {
	const child = spawn('/bin/sh', ['-c', GUARD, 'sh', ...who.prefix, ...command], {
		...who.ids,
		env: environment(),
		cwd: '/',
		// Its own process group: Ctrl-C in the terminal is for us, we then end it in order.
		detached: true,
		stdio: ['ignore', 'ignore', 'pipe', 'pipe']
	});
	return wrap(child);
}

function wrap(child: ChildProcess): GuardedProcess {
	let log = '';
	let receiver: (log: string) => void = () => {};
	const stderr = child.stderr as Socket;
	const pipe = child.stdio[3] as Socket;
	stderr.setEncoding('utf8');
	stderr.on('data', (text: string) => {
		log = (log + text).slice(-MAX_LOG_CHARS);
		receiver(log);
	});
	// The other end may be gone before we say goodbye; the exit code tells what matters.
	pipe.on('error', () => pipe.destroy());
	const exited = new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		// The guard's `cat` lives as long as our end of the pipe.
		child.once('exit', () => pipe.end());
		child.once('close', (code) => resolve(code));
	});
	return {
		exited,
		log: () => log,
		onLog: (receive) => {
			receiver = receive;
			receive(log);
		},
		end: () => {
			child.ref();
			pipe.end();
		},
		unref: () => {
			child.unref();
			stderr.unref();
			pipe.unref();
		}
	};
}
