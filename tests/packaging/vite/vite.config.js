import { defineConfig } from "vite";

export default defineConfig({
  build: {
    rolldownOptions: {
      input: ["index.html", "inline.html", "in-worker.html"],
    },
  },
});
