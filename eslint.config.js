import js from '@eslint/js'
import globals from 'globals'

export default [
  {
    ignores: [
      '**/dist/',
      '**/.astro/',
      'build/',
      '.node/',
      'js/devalue.js',
      'js/engine.js',
      'js/engine-node.js',
      'js/*-no-wasm.js',
      'js/standalone.js'
    ]
  },
  js.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { ecmaFeatures: { jsx: true } }
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A name that stands only in JSX is used, which the rule doesn't see
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^[A-Z]' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'off'
    }
  }
]
