import { defineConfig } from "vite";

/** What versions of Vite need whose development server moves the package away from its module. */
export default defineConfig({
  optimizeDeps: { exclude: ["scribe-store"] },
});
