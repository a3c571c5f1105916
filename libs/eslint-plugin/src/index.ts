import { handlerAwaits } from './handler-awaits.js';

const plugin = {
  meta: { name: '@lockstep/eslint-plugin' },
  rules: { 'handler-awaits': handlerAwaits },
};

export default plugin;
