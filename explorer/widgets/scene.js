// Sets up a tab's state: rules first, so that the first values already ask their questions.

import {scene} from './kit.js';

export function mount({element, props}) {
  element.hidden = true;
  const state = scene(props.scene);
  const computed = props.rules.filter(rule => rule.when.checkpoint === 'checkpoint' || rule.using.checkpoint === 'checkpoint')
    .flatMap(rule => Object.values(rule.gives));
  state.subscribe(['checkpoint'], checkpoint => {
    state.forget(computed);
    for (const [key, value] of Object.entries(props.facts[checkpoint] ?? {})) state.set(key, value);
  });
  for (const rule of props.rules) state.derive(rule);
  // What was set before the tab was opened for the first time stays.
  for (const [key, value] of Object.entries(props.state)) state.set(key, state.committed.get(key) ?? value);
}
