// Loaded before anything is drawn, so that the chosen theme appears without a flash. "auto" follows the system.
(function () {
  try {
    const theme = localStorage.getItem("letrics-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is forbidden: the system's theme it is.
  }
  document.documentElement.classList.add("js");
})();
