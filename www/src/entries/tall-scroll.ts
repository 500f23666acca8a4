// Scrolling through more rows than an element can be high: browsers stop at some 17 to 33 million pixels.
//
// The element that scrolls is at most `MOST_PIXELS` high. Small movements go pixel by pixel, by an offset between where
// the element stands and where the list stands; a jump, as of the scroll bar, goes by proportion. The offset is made
// anew, without anything moving before the eye, when the two have drifted apart.

/** The element is never higher than this. */
export const MOST_PIXELS = 2_000_000;

/** Near both ends the list moves as the element does, so that the ends are the ends. */
const EDGE = 20_000;

/** How far the element may drift from where proportion would have it. */
const DRIFT = 50_000;

export class TallScroll {
  #content = 0;
  #viewport = 0;
  #position = 0;
  #scrollTop = 0;

  /** Height of the element that scrolls. */
  get height(): number {
    return Math.min(this.#content, MOST_PIXELS);
  }

  /** How far down the list stands, in pixels of the list. */
  get position(): number {
    return this.#position;
  }

  /** What is to be taken from a place in the list for its place in the element. */
  get offset(): number {
    return this.#position - this.#scrollTop;
  }

  /** Says how high the list and the part of it in sight are; returns where the element has to stand. */
  resize(content: number, viewport: number): number {
    this.#content = content;
    this.#viewport = viewport;
    return this.moveTo(this.#position);
  }

  /** Goes to a place in the list; returns where the element has to stand. */
  moveTo(position: number): number {
    this.#position = Math.max(0, Math.min(position, this.#last));
    this.#scrollTop = Math.round(this.#project(this.#position));
    return this.#scrollTop;
  }

  /** Takes note of where the element was scrolled to; returns where it has to stand instead, if it has to. */
  moved(scrollTop: number): number | undefined {
    const step = scrollTop - this.#scrollTop;
    if (this.#content <= MOST_PIXELS) {
      this.#scrollTop = scrollTop;
      this.#position = scrollTop;
      return undefined;
    }
    if (Math.abs(step) > Math.max(this.#viewport, 400)) {
      this.#scrollTop = scrollTop;
      this.#position = this.#unproject(scrollTop);
      return undefined;
    }
    this.#scrollTop = scrollTop;
    this.#position = Math.max(0, Math.min(this.#position + step, this.#last));
    const wanted = Math.round(this.#project(this.#position));
    const atEdge = scrollTop < EDGE || scrollTop > this.#lastTop - EDGE;
    const apart = Math.abs(wanted - scrollTop);
    if (apart < 1 || (!atEdge && apart <= DRIFT)) return undefined;
    this.#scrollTop = wanted;
    return wanted;
  }

  get #last(): number {
    return Math.max(0, this.#content - this.#viewport);
  }

  get #lastTop(): number {
    return Math.max(0, this.height - this.#viewport);
  }

  /** Pixels of the list for one of the element, between the ends. */
  get #ratio(): number {
    return (this.#last - 2 * EDGE) / (this.#lastTop - 2 * EDGE);
  }

  #project(position: number): number {
    if (this.#content <= MOST_PIXELS) return position;
    if (position <= EDGE) return position;
    if (position >= this.#last - EDGE) return this.#lastTop - (this.#last - position);
    return EDGE + (position - EDGE) / this.#ratio;
  }

  #unproject(scrollTop: number): number {
    if (scrollTop <= EDGE) return scrollTop;
    if (scrollTop >= this.#lastTop - EDGE) return this.#last - (this.#lastTop - scrollTop);
    return EDGE + (scrollTop - EDGE) * this.#ratio;
  }
}
