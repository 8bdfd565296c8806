// Sets up a tab's state: rules first, so that the first values already ask their questions.

import {opened} from './links.js';
import {scene} from './store.js';

export async function mount({element, props}) {
  element.hidden = true;
  const state = scene(props.scene);
  await opened;  // a link may say where the tab begins
  const computed = props.rules.filter(rule => rule.when.checkpoint === 'checkpoint' || rule.using.checkpoint === 'checkpoint')
    .flatMap(rule => Object.values(rule.gives));
  state.subscribe(['checkpoint'], checkpoint => {
    state.forget(computed);
    for (const [key, value] of Object.entries(props.facts[checkpoint] ?? {})) state.give(key, value);
  });
  Object.assign(state, {python: props.python, pythonParts: props.python_parts});
  for (const rule of props.rules) state.derive(rule);
  state.begin(props.state, props.linked, Object.keys(props.facts));
}
