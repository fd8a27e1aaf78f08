import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { leanRrweb } from './recorder/capture/lean-rrweb.ts';

export default defineConfig({
	plugins: [leanRrweb(), tailwindcss(), sveltekit()],
	build: { target: 'es2022' }
});
