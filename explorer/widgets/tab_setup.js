// Sets up a tab's state: rules first, so that the first values already ask their questions.

import {opened} from './links.js';
import {tabState} from './store.js';

export async function mount({element, props}) {
  element.hidden = true;
  const state = tabState(props.tab);
  await opened;  // a link may say where the tab begins
  const computed = props.rules.filter(rule => rule.when.checkpoint === 'checkpoint' || rule.using.checkpoint === 'checkpoint')
    .flatMap(rule => Object.values(rule.gives));
  state.subscribe(['checkpoint'], checkpoint => {
    state.forget(computed);
    for (const [key, value] of Object.entries(props.facts[checkpoint] ?? {})) state.setDefault(key, value);
  });
  Object.assign(state, {program: props.python, programParts: props.python_parts});
  for (const rule of props.rules) state.addRule(rule);
  state.open(props.state, props.linked, Object.keys(props.facts));
}
