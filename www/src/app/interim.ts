// @ts-nocheck
export function interim(store) {
  const strip = (one) => {
    if (one && typeof one === "object" && "signal" in one) {
      const { signal, ...rest } = one;
      return rest;
    }
    return one;
  };
  return new Proxy(store, {
    get(target, key) {
      if (key === "subscribe" && !target.subscribe) return () => () => {};
      if (key === "summarizeEntries" && !target.summarizeEntries)
        return async ({ bucket, by, signal, ...query }) => {
          const ms = { minute: 60e3, hour: 36e5, day: 864e5 }[bucket] ?? bucket;
          const groups = new Map();
          const buckets = new Map();
          let total = 0;
          for await (const e of target.iterateEntries(query)) {
            total++;
            const s = Math.floor(Date.parse(e.ts) / ms) * ms;
            const b = buckets.get(s) ?? buckets.set(s, { count: 0, counts: new Map() }).get(s);
            b.count++;
            if (by) {
              const g = e[by];
              groups.set(g, (groups.get(g) ?? 0) + 1);
              b.counts.set(g, (b.counts.get(g) ?? 0) + 1);
            }
          }
          const names = [...groups].sort((a, b) => b[1] - a[1]).map(([g]) => g);
          return {
            bucketMs: ms,
            totalCount: total,
            groups: names,
            buckets: [...buckets]
              .sort((a, b) => a[0] - b[0])
              .map(([s, b]) => ({
                start: new Date(s).toISOString(),
                count: b.count,
                counts: names.map((g) => b.counts.get(g) ?? 0),
              })),
          };
        };
      const value = target[key];
      if (typeof value !== "function") return value;
      return (...args) => value.apply(target, target.subscribe ? args : args.map(strip));
    },
  });
}
