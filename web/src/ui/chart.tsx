import { useEffect, useRef } from 'react'
import uPlot from 'uplot'

export type Series = {
  readonly label: string
  /** A colour of the tokens: `accent`, `bad` … */
  readonly tone: string
  readonly isFilled?: boolean
  /** What is not known but expected. */
  readonly isDashed?: boolean
  /** Left out of the legend: the line before it says what both are. */
  readonly isUnlabelled?: boolean
  /** Dots that stand alone instead of a line. */
  readonly isDots?: boolean
  /** null where there is nothing to draw. */
  readonly values: readonly (number | null)[]
}

const HEIGHT = 104

/** Lines over time that move: uPlot, in the theme's colours. Time runs left to right in every language. */
export function Chart({
  title,
  label,
  seconds,
  series,
}: {
  readonly title: string
  /** What a screen reader says of it. */
  readonly label: string
  /** Seconds since 1970, ascending. */
  readonly seconds: readonly number[]
  readonly series: readonly Series[]
}) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const shape = series.map(({ tone, isFilled, isDots }) => `${tone}${isFilled === true}${isDots === true}`).join()
  const data = [seconds, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData
  const latest = useRef(data)
  latest.current = data
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the series, whose values change every second
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const made = new uPlot(options(element, series), latest.current, element)
    plot.current = made
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    resize.observe(element)
    const theme = new MutationObserver(() => made.redraw())
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      resize.disconnect()
      theme.disconnect()
      made.destroy()
    }
  }, [shape])
  useEffect(() => plot.current?.setData(data), [data])
  return (
    <figure className="chart">
      <figcaption>
        {title}
        <span className="legend">
          {series.length > 1 &&
            series
              .filter(({ isUnlabelled }) => !isUnlabelled)
              .map(({ label: name, tone, isDots }) => (
                <span key={name} data-tone={tone} data-mark={isDots ? 'dot' : 'line'}>
                  {name}
                </span>
              ))}
        </span>
      </figcaption>
      <div ref={box} dir="ltr" role="img" aria-label={label} />
    </figure>
  )
}

function options(element: HTMLElement, series: readonly Series[]): uPlot.Options {
  // Asked at every draw: the theme may have changed.
  const color = (name: string): string => getComputedStyle(element).getPropertyValue(`--${name}`).trim()
  const font = '11px system-ui, sans-serif'
  const axis = { stroke: () => color('soft'), font, ticks: { show: false } } as const
  return {
    width: element.clientWidth,
    height: HEIGHT,
    // On the right: half a label of the time.
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.15)] } },
    axes: [
      { ...axis, size: 20, grid: { show: false }, space: 70, values: (_, times) => [...labels(times)] },
      {
        ...axis,
        size: 38,
        splits: (_, __, min, max) => [min, max / 2.3, max / 1.15],
        values: (_, values) => values.map(short),
        grid: { stroke: () => color('line'), width: 1 },
      },
    ],
    series: [
      {},
      ...series.map(({ tone, isFilled, isDashed, isDots }) => ({
        stroke: () => color(tone),
        width: isDots ? 0 : 1.5,
        spanGaps: !isDots,
        ...(isDashed && { dash: [5, 4] }),
        points: { show: isDots ? true : isAlone, size: isDots ? 8 : 4, width: 0, fill: () => color(tone) },
        ...(isFilled && { fill: () => `color-mix(in srgb, ${color(tone)} 14%, transparent)` }),
      })),
    ],
  }
}

/** A line of a single point would be nothing. */
function isAlone(plot: uPlot, index: number): boolean {
  return (plot.data[index] ?? []).filter((value) => value != null).length === 1
}

const DAY_SECONDS = 86_400

/** By the day where the labels are days apart. */
function labels(times: readonly number[]): readonly string[] {
  const step = (times[1] ?? 0) - (times[0] ?? 0)
  return times.map(step >= DAY_SECONDS ? day : clock)
}

/** 13/3, in the browser's time. */
function day(seconds: number): string {
  const date = new Date(seconds * 1_000)
  return `${date.getDate()}/${date.getMonth() + 1}`
}

/** 21:05, in the browser's time. */
function clock(seconds: number): string {
  const date = new Date(seconds * 1_000)
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

function short(value: number): string {
  if (value >= 1_000) return `${(value / 1_000).toFixed(1)}k`
  return value >= 10 || value === 0 ? String(Math.round(value)) : value.toFixed(1)
}
