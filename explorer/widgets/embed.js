// In a page of somebody else's, ?embed=1 shows one scene: without tabs, and as high as it is, which the page around is told.

(() => {
  if (!new URLSearchParams(location.search).has('embed')) return;
  document.documentElement.classList.add('le-embedded');
  let told = 0;

  // Whoever has this page in a frame may know how high it is; nothing else is said.
  function tell() {
    const height = Math.ceil(document.querySelector('#tabs')?.getBoundingClientRect().bottom ?? 0);
    if (height && height !== told) window.parent.postMessage({latentExplorer: {height: told = height}}, '*');
  }

  setInterval(tell, 500);  // what grows within the body does not always change its own size
})();
