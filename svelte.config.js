import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: true },
	kit: {
		adapter: adapter({ out: 'build', precompress: false }),
		// The end page is made at one address and served at whatever was asked for: relative links would break there.
		paths: { relative: false },
		// Our origins are known at start, Kit's list at build time: src/hooks.server.ts checks every method that changes.
		// The rest of the policy names our origins, so src/lib/web/handle/answer.ts adds it at run time.
		csp: {
			mode: 'nonce',
			directives: {
				'default-src': ['none'],
				'script-src': ['self'],
				'style-src': ['self'],
				'style-src-attr': ['unsafe-inline'],
				'img-src': ['self', 'data:', 'blob:'],
				'font-src': ['self'],
				'manifest-src': ['self'],
				'base-uri': ['none'],
				'object-src': ['none']
			}
		},
		csrf: { trustedOrigins: ['*'] }
	}
};
