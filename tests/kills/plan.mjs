// When each browser is killed: at random, but the same again for the same seed.

/** The phases that are killed in, in turn: each has its share, however few rounds there are. */
const PHASES = ["insert", "merge", "delete", "append"];

/**
 * Plans rounds.
 *
 * @param {number} seed
 * @param {number} rounds
 * @returns {{ round: number, phase: string, cycle: number, fraction: number }[]} For each round, the phase that is
 *   killed in, in which cycle, and how far into it, as a part of the time that it took in the first cycle. Above 1 it
 *   hits what comes after.
 */
export function plan(seed, rounds) {
  const random = generator(seed);
  const first = Math.floor(random() * PHASES.length);
  return Array.from({ length: rounds }, (_, index) => ({
    round: index + 1,
    phase: PHASES[(first + index) % PHASES.length],
    cycle: 1 + Math.floor(random() * 2),
    fraction: random() * 1.2,
  }));
}

/** Numbers from 0 to 1, by the generator mulberry32. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
