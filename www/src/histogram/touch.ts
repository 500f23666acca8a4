// Choosing a range of time with a finger or a pen: uPlot hears the mouse alone.

import type uPlot from "uplot";

/** Moving sideways chooses, as dragging with a mouse does; moving up and down scrolls, as the style sheet says. */
export function listenForTouch(plot: uPlot): void {
  const { over } = plot;
  let start: number | null = null;
  const placeOf = (event: PointerEvent) => {
    const { left, width } = over.getBoundingClientRect();
    return Math.max(0, Math.min(event.clientX - left, width));
  };
  const select = (from: number, to: number, isChosen: boolean) =>
    plot.setSelect(
      { left: Math.min(from, to), top: 0, width: Math.abs(to - from), height: over.clientHeight },
      isChosen,
    );
  over.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" || !event.isPrimary) return;
    start = placeOf(event);
    over.setPointerCapture(event.pointerId);
  });
  over.addEventListener("pointermove", (event) => {
    if (start !== null && event.isPrimary) select(start, placeOf(event), false);
  });
  over.addEventListener("pointerup", (event) => {
    if (start !== null && event.isPrimary) select(start, placeOf(event), true);
    start = null;
  });
  over.addEventListener("pointercancel", () => {
    if (start !== null) select(0, 0, false);
    start = null;
  });
}
