// The few signs that the explorer uses, drawn as lines.

const PATHS = {
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.5 10.5L14 14",
  down: "M4 6l4 4 4-4",
  up: "M4 10l4-4 4 4",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  done: "M3 8.5l3.5 3.5L13 4.5",
  plus: "M8 3v10M3 8h10",
  import: "M8 2v8M4.5 6.5L8 10l3.5-3.5M2.5 13.5h11",
  export: "M8 10V2M4.5 5.5L8 2l3.5 3.5M2.5 13.5h11",
  agents: "M8 8a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM3 13.5c.5-2.500 2.500-3.500 5-3.500s4.500 1 5 3.500",
  storage:
    "M2.500 4.500c0-2.700 11-2.700 11 0s-11 2.700-11 0zM2.500 4.500v7c0 2.700 11 2.700 11 0v-7M2.500 8c0 2.700 11 2.700 11 0",
  help: "M5.500 6c0-3.300 5-3.300 5 0 0 2-2.500 2-2.500 4M8 12.600v.1",
  menu: "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
