// A key that names one of some models: the tab's own, at first and whenever another one is chosen there.

export function followModel(state, key, names) {
  const chosen = () => (names.includes(state.get('checkpoint')) ? state.get('checkpoint') : names[0]);
  if (state.get(key) === undefined) state.setDefault(key, chosen());
  let before = state.get('checkpoint');  // a tab may have none, or one that is not among these
  state.subscribe(['checkpoint'], checkpoint => {
    if (checkpoint !== before) state.setDefault(key, chosen());
    before = checkpoint;
  });
}
