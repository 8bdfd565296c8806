// Fetches the script of each widget and hands it its element. This one stands in the page itself, to be there where
// scripts are lost.

(() => {
  const TRIES = 4;
  const SOON = 500;  // milliseconds until a script is fetched again; each time twice as long
  const PATIENCE = 8000;  // milliseconds until it is said that one has not come
  const QUIET = 40;  // milliseconds without a question after which a scene is whole

  // The path the app is served under, without a slash at the end. A proxy may have added one that the app was not told.
  const told = new URL(window.gradio_config?.root || '/', location.href).pathname;
  const root = (told === '/' ? location.pathname : told).replace(/\/$/, '');

  // asking: questions not yet answered and scripts not yet there; hidden: scenes not yet seen. Browser tests wait until
  // there are none.
  const page = window.latentExplorer = {asking: 0, hidden: 0, root, load, fetchScript};

  const mounted = new WeakSet();

  // A scene is seen once its first questions are answered, so that nothing moves under the eye; phone.css says for how
  // long at most it is hidden.
  const scenes = new WeakSet();

  function showWhenWhole(scene) {
    if (!scene || scenes.has(scene)) return;
    scenes.add(scene);
    page.hidden++;
    let busy = performance.now();
    requestAnimationFrame(function look(now) {
      if (page.asking) busy = now;
      if (now - busy < QUIET) return void requestAnimationFrame(look);
      scene.dataset.whole = '';
      page.hidden--;
    });
    showWhenWhole(scene.parentElement.closest('[role="tabpanel"]'));
  }

  async function load(name, args) {
    if (args.props.when_seen) await seen(args.element);
    page.asking++;
    showWhenWhole(args.element.closest('[role="tabpanel"]'));
    const late = setTimeout(() => offer(name, args), PATIENCE);
    const scripts = await Promise.all([name, 'take_away'].map(stem => fetchScript(`widgets/${stem}`))).catch(() => null);
    clearTimeout(late);
    page.asking--;
    if (!scripts) offer(name, args);
    else if (!mounted.has(args.element)) mount(...scripts, args);
  }

  function mount(script, away, args) {
    mounted.add(args.element);
    args.element.replaceChildren();
    away.mount(script, args);
  }

  // What lies in a closed fold asks nothing.
  function seen(element) {
    return new Promise(done => {
      const observer = new IntersectionObserver(([{isIntersecting}]) => {
        if (!isIntersecting) return;
        observer.disconnect();
        done();
      }, {rootMargin: '100%'});
      observer.observe(element);
    });
  }

  // Without the first of these the server answers, without the others tabs have no arrow keys and symbols no meaning.
  const fetchRest = () => ['in_page/start', 'widgets/readers', 'widgets/glossary'].forEach(path => fetchScript(path).catch(() => {}));
  if (document.readyState === 'complete') fetchRest();
  else addEventListener('load', fetchRest);

  // A script of the app's own, by its path without .js; tried again where it did not come.
  async function fetchScript(path) {
    for (let tries = 1; ; tries++) {
      try {
        return await import(`${root}/${path}.js`);
      } catch (error) {
        if (tries === TRIES) throw error;
        await new Promise(done => setTimeout(done, SOON * 2 ** (tries - 1)));
      }
    }
  }

  // In the widget's place. Some browsers do not fetch a script again before the page is loaded again; the address
  // holds what was chosen.
  function offer(name, args) {
    if (mounted.has(args.element)) return;
    const box = document.createElement('div');
    box.className = 'le-lost';
    box.textContent = 'This part of the page has not come. ';
    const actions = [['Try again', () => load(name, args)], ['Load the page again', () => location.reload()]];
    for (const [text, action] of actions) {
      const button = document.createElement('button');
      Object.assign(button, {type: 'button', className: 'le-button', textContent: text, onclick: action});
      box.append(button, ' ');
    }
    args.element.replaceChildren(box);
  }
})();
