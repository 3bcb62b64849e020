import js from '@eslint/js';
import globals from 'globals';
import { noLiteralText } from './eslint/no-literal-text.mjs';

/**
 * Arrows run pages → components → pong → core, never back.
 *
 * @param {string} who
 * @param {string[]} folders
 */
const mayNotImport = (who, folders) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: folders.map((folder) => ({
        // Any path that passes through the folder, however deep the importing file stands.
        regex: `(^|/)${folder}(/|$)`,
        message: `${who} may not know ${folder}: arrows run pages → components → pong → core.`,
      })),
    },
  ],
});

const local = { rules: { 'no-literal-text': noLiteralText } };

export default [
  { ignores: ['node_modules/', 'e2e/out/'] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 450 }],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      // Markup from strings is how scripts get in. Nodes come from h().
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Build nodes with h().' },
        { property: 'outerHTML', message: 'Build nodes with h().' },
        { property: 'insertAdjacentHTML', message: 'Build nodes with h().' },
      ],
    },
  },
  {
    files: ['app.js', 'theme.js', 'core/**/*.js', 'components/**/*.js', 'pages/**/*.js', 'pong/**/*.js'],
    plugins: { local },
    languageOptions: { globals: globals.browser },
    rules: { 'local/no-literal-text': 'error' },
  },
  { files: ['core/**/*.js'], rules: mayNotImport('core', ['components', 'pages', 'pong']) },
  { files: ['pong/**/*.js'], rules: mayNotImport('pong', ['components', 'pages']) },
  { files: ['components/**/*.js'], rules: mayNotImport('components', ['pages']) },
  { files: ['theme.js'], languageOptions: { sourceType: 'script' } },
  {
    files: ['test/**/*.mjs', 'e2e/**/*.mjs', 'eslint/**/*.mjs', 'eslint.config.mjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];
