/** Has the browser keep the page's files, so that it opens without a network; without support nothing happens. */
export function workOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = () => {
    // Private windows and some settings refuse: the page works all the same, but not offline.
    navigator.serviceWorker.register("./sw.js", { updateViaCache: "none" }).catch(() => {});
  };
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
}
