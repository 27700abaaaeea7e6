/** Bundled by esbuild, beside the script. */
declare module '*.css';
