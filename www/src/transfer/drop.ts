/**
 * Takes files that are dropped anywhere: otherwise the browser would leave the page and show the file.
 *
 * @returns What ends that.
 */
export function listenForDrops(take: (files: File[]) => void): () => void {
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const mark = (on: boolean) => document.documentElement.classList.toggle("dropping", on);
  const over = (event: DragEvent) => {
    if (!holdsFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    mark(true);
  };
  const leave = (event: DragEvent) => event.relatedTarget === null && mark(false);
  const drop = (event: DragEvent) => {
    mark(false);
    if (!holdsFiles(event)) return;
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) take(files);
  };
  window.addEventListener("dragover", over);
  window.addEventListener("dragleave", leave);
  window.addEventListener("drop", drop);
  return () => {
    window.removeEventListener("dragover", over);
    window.removeEventListener("dragleave", leave);
    window.removeEventListener("drop", drop);
  };
}
