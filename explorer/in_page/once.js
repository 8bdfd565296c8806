// Work that nobody waits for: it is done once, and what has failed is tried again only after a while.

const AGAIN = 10_000;  // milliseconds

const under = new Map();  // what is being done, or has failed a little while ago

// How much there is of it.
export const pending = () => under.size;

export function once(name, work) {
  if (!under.has(name)) {
    const doing = work();
    under.set(name, doing);
    doing.then(() => under.delete(name), error => {
      console.warn(`${name} is left to the server: ${error.message}`);
      setTimeout(() => under.delete(name), AGAIN);
    });
  }
  return under.get(name);
}
