// Runs before the first paint, from the head and not as a module: the page must not flash in the wrong
// colours. core/theme.js takes over afterwards and must agree.
(function () {
  let choice = null;
  try {
    choice = localStorage.getItem('rally.theme');
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
