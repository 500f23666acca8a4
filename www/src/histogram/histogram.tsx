// Bars over time, by kind of entry. Dragging over them chooses a range of time; the one pointed at is told of.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useApp } from "../app/context.ts";
import { criteriaOf, type View } from "../app/view.ts";
import { kindOf } from "../entries/kind.ts";
import { entries, number, share } from "../shared/format.ts";
import { Plain } from "../shared/plain.tsx";
import { useAnswer } from "../shared/use-answer.ts";
import { type Bars, barName, coloursOf, countOverTime, widthName } from "./buckets.ts";
import { listenForTouch } from "./touch.ts";

const HEIGHT = 96;
const MOST_BARS = 120;

/** @param revision Changes whenever the entries did. */
export function Histogram({ view, revision }: { view: View; revision: number }) {
  const app = useApp();
  const criteria = criteriaOf(view);
  const answer = useAnswer(`${JSON.stringify(criteria)} ${revision}`, (signal) =>
    countOverTime(app.store, criteria, MOST_BARS, signal),
  ).value;
  const bars = answer.value;
  /** The bar that is pointed at. */
  const pointed = useSignal<number | null>(null);
  if (!bars || bars.totalCount === 0) return <div class="histogram none" aria-hidden="true" />;
  const bar = pointed.value !== null && pointed.value < bars.starts.length ? pointed.value : null;
  return (
    <figure class="histogram" aria-busy={answer.busy}>
      <Chart
        bars={bars}
        onChoose={(from, to) => app.change({ from: moment(from), to: moment(to) })}
        onPoint={(index) => {
          pointed.value = index;
        }}
      />
      <figcaption>
        <span class="told">
          {/* It stays in its place while a bar is told of, so that nothing moves. */}
          <span class={bar === null ? undefined : "covered"}>
            {entries(bars.totalCount)} by {widthName(bars.bucketMs)}
            <span class="days">, {spanName(bars)}</span> · drag to choose a time
          </span>
          {bar !== null && (
            <span class="bar">
              {barName(bars.starts[bar] as number, bars.bucketMs)}: {entries(countOf(bars, bar))}
            </span>
          )}
        </span>
        <Legend bars={bars} bar={bar} />
      </figcaption>
    </figure>
  );
}

/** Counts by kind: of all bars, or of the one that is pointed at. */
function Legend({ bars, bar }: { bars: Bars; bar: number | null }) {
  const colours = coloursOf(bars.groups);
  return (
    <ul class="legend">
      {bars.groups.map((group, index) => {
        const counts = bars.counts[index] ?? [];
        const all = sum(counts);
        const count = bar === null ? all : (counts[bar] ?? 0);
        const total = bar === null ? bars.totalCount : countOf(bars, bar);
        return (
          <li key={group} title={`${number(count)} (${share(count, total)})`}>
            <span class={`swatch ${colours[index]}`} />
            {group === null ? "Other" : kindOf(group).word || <Plain text={group.slice(0, 16)} />}{" "}
            {/* As wide as the whole count, so that nothing moves while one points at bar after bar. */}
            <span class="quiet count" style={{ minWidth: `${number(all).length}ch` }}>
              {number(count)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function countOf({ counts }: Bars, bar: number): number {
  return sum(counts.map((group) => group[bar] ?? 0));
}

function sum(counts: number[]): number {
  return counts.reduce((a, b) => a + b, 0);
}

/** The days that the bars span. */
function spanName({ starts, bucketMs }: Bars): string {
  const day = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10);
  const [first, last] = [day(starts[0] ?? 0), day((starts.at(-1) ?? 0) + bucketMs - 1)];
  return first === last ? first : `${first} to ${last}`;
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 23);
}

interface ChartProps {
  bars: Bars;
  /** A range of time was dragged over. */
  onChoose: (from: number, to: number) => void;
  /** Another bar is pointed at; `null`: none. */
  onPoint: (bar: number | null) => void;
}

function Chart({ bars, ...listeners }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(listeners);
  latest.current = listeners;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = makePlot(element, bars, {
        onChoose: (from, to) => latest.current.onChoose(from, to),
        onPoint: (bar) => latest.current.onPoint(bar),
      });
      listenForTouch(plot.current);
    };
    draw();
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (plot.current && width > 0 && plot.current.width !== width) {
        plot.current.setSize({ width, height: HEIGHT });
      }
    });
    observer.observe(element);
    return () => {
      dark.removeEventListener("change", draw);
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [bars]);

  const [first, last] = [bars.starts[0] ?? 0, (bars.starts.at(-1) ?? 0) + bars.bucketMs];
  const label = `${entries(bars.totalCount)} from ${moment(first)} to ${moment(last)} UTC, one bar for each ${widthName(bars.bucketMs)}`;
  return <div ref={place} class="chart" role="img" aria-label={label} />;
}

/** Half of what a label takes, in pixels. */
const HALF_LABEL = 30;

/** Times at which a line of the axis stands, as short as they can be told apart; none where it would be cut off. */
function timeLabels(
  plot: uPlot,
  times: number[],
  _axis: number,
  _space: number,
  step: number,
): (string | null)[] {
  const width = plot.bbox.width / devicePixelRatio;
  return times.map((time, index) => {
    const place = plot.valToPos(time, "x");
    if (place < HALF_LABEL || place > width - HALF_LABEL) return null;
    const text = new Date(time * 1000).toISOString();
    const before = index === 0 ? text : new Date((times[index - 1] as number) * 1000).toISOString();
    if (step >= 86_400) return text.slice(0, 10);
    if (text.slice(0, 10) !== before.slice(0, 10)) return text.slice(5, 10);
    return step >= 60 ? text.slice(11, 16) : step >= 1 ? text.slice(11, 19) : text.slice(17, 23);
  });
}

function makePlot(element: HTMLElement, bars: Bars, { onChoose, onPoint }: Omit<ChartProps, "bars">): uPlot {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  // What lies on top is drawn first, over its whole height; what is below is drawn over it.
  const stacked: number[][] = [];
  for (const [index, counts] of bars.counts.entries()) {
    stacked.push(counts.map((count, bar) => count + (stacked[index - 1]?.[bar] ?? 0)));
  }
  const series = coloursOf(bars.groups)
    .map((name, index) => ({ name, counts: stacked[index] as number[] }))
    .reverse();
  // A bar stands above its bucket: from its start, one bucket wide.
  const path = (uPlot.paths.bars as NonNullable<typeof uPlot.paths.bars>)({ size: [0.9, 40], align: 1 });
  const first = bars.starts[0] ?? 0;
  const end = (bars.starts.at(-1) ?? 0) + bars.bucketMs;
  const axis = {
    stroke: colour("quiet"),
    font: "11px system-ui, sans-serif",
    ticks: { show: false },
    border: { show: false },
  };
  return new uPlot(
    {
      width: Math.max(1, element.clientWidth),
      height: HEIGHT,
      padding: [6, 0, 0, 0],
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
      },
      scales: {
        x: { time: true, range: () => [first / 1000, end / 1000] },
        y: { range: (_plot, _min, max) => [0, Math.max(1, max)] },
      },
      axes: [
        { ...axis, size: 20, gap: 4, space: 84, grid: { show: false }, values: timeLabels },
        {
          ...axis,
          size: 44,
          gap: 4,
          space: 28,
          grid: { stroke: colour("line"), width: 1 },
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7],
          values: (_plot, values) =>
            values.map((value) => (value >= 10_000 ? `${value / 1000}K` : String(value))),
        },
      ],
      series: [
        {},
        ...series.map(({ name }) => ({
          fill: colour(`kind-${name}`),
          stroke: "transparent",
          width: 0,
          paths: path,
          points: { show: false },
        })),
      ],
      hooks: {
        setCursor: [
          (plot) => {
            const left = plot.cursor.left ?? -1;
            const bar = Math.floor((plot.posToVal(left, "x") * 1000 - first) / bars.bucketMs);
            onPoint(left >= 0 && bar >= 0 && bar < bars.starts.length ? bar : null);
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 4) return;
            const at = (pixel: number) => plot.posToVal(pixel, "x") * 1000;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onChoose(Math.max(first, Math.round(at(left))), Math.min(end, Math.round(at(left + width))) - 1);
          },
        ],
      },
    },
    [bars.starts.map((start) => start / 1000), ...series.map(({ counts }) => counts)],
    element,
  );
}
