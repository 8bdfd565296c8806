// What a key does during a talk. A clicker sends PageDown and PageUp, its other buttons b or . and F5 or Escape.

const ALWAYS = {PageDown: 'next', PageUp: 'back', Escape: 'leave', F5: 'full screen'};
const LETTERS = {r: 'restore', f: 'full screen', b: 'black', '.': 'black', c: 'controls', z: 'magnify', n: 'notes'};
const FREE = {ArrowRight: 'next', ArrowDown: 'next', ' ': 'next', ArrowLeft: 'back', ArrowUp: 'back', Home: 'first', End: 'last'};

const KNOBS = ['range', 'checkbox', 'radio', 'button', 'color', 'file'];

// What has the focus: 'text' takes letters and digits, 'number' digits, 'control' arrows, '' nothing.
export function focusOf(element) {
  const tag = element?.tagName;
  if (tag === 'TEXTAREA' || element?.isContentEditable) return 'text';
  if (tag === 'INPUT') return element.type === 'number' ? 'number' : KNOBS.includes(element.type) ? 'control' : 'text';
  if (['SELECT', 'BUTTON', 'A', 'SUMMARY'].includes(tag)) return 'control';
  return element?.hasAttribute?.('tabindex') && tag !== 'BODY' ? 'control' : '';
}

// The action of a key, {jump: number} once a number is complete, {digits} while it is not, or null for what the page
// itself may have. digits: those that came before.
export function actionOf(event, focus, digits = '') {
  const {key, ctrlKey, altKey, metaKey, repeat} = event;
  if (ctrlKey || altKey || metaKey) return null;
  if (key in ALWAYS) return repeat ? 'nothing' : ALWAYS[key];
  if (focus === 'text') return null;
  const letter = LETTERS[key.toLowerCase()];
  if (letter && !(key === '.' && focus === 'number')) return repeat ? 'nothing' : letter;
  if (/^\d$/.test(key) && focus !== 'number') return {digits: (digits + key).slice(-3)};
  if (digits && key === 'Enter') return {jump: Number(digits)};
  if (digits && key === 'Backspace') return {digits: digits.slice(0, -1)};
  return focus === '' && key in FREE ? FREE[key] : null;
}
