// Answers that are kept, so that a scene which was prepared is shown again at once, and without the app.
//
// An answer follows from its question alone, so a kept one never grows old. Nothing here knows the page.

const MOST = 256e6;  // bytes

const answers = new Map();  // question -> arrays by name; the one used last stands last
let size = 0;
let keeping = 0;

// Whether answers that come in are kept: change is 1 when somebody begins to want that, -1 when it is done.
export function keepAnswers(change) {
  keeping += change;
}

export const isKept = question => answers.has(question);
export const isAnyKept = () => keeping > 0 || answers.size > 0;

// What answered this question, or undefined.
export function recall(question) {
  const answer = answers.get(question);
  if (answer) {
    answers.delete(question);
    answers.set(question, answer);
  }
  return answer;
}

export function keep(question, answer, most = MOST) {
  if (!keeping || answers.has(question)) return;
  answers.set(question, answer);
  size += cost(question, answer);
  for (const [oldest, its] of answers) {
    if (size <= most) return;
    answers.delete(oldest);
    size -= cost(oldest, its);
  }
}

const cost = (question, answer) => Object.values(answer).reduce((sum, value) => sum + (value?.data?.byteLength ?? 8), 2 * question.length);
