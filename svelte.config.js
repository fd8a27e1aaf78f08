import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: true },
	kit: {
		adapter: adapter({ out: 'build', precompress: false }),
		// Our origins are known at start, Kit's list at build time: src/hooks.server.ts checks every method that changes.
		csrf: { trustedOrigins: ['*'] }
	}
};
