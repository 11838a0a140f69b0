// Runs before the first paint, so that the selected theme appears without a flash. "auto" follows the system.
(function () {
  try {
    const theme = localStorage.getItem("letrics-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is not available: use the theme of the system.
  }
  document.documentElement.classList.add("js");
})();
