// Writing a stream to a file of the user's.

interface Options {
  signal: AbortSignal;
  /** Called with the number of bytes so far. */
  onProgress: (bytes: number) => void;
}

/** How long the browser may take to read the file before it is let go. */
const KEPT_MS = 60_000;

/**
 * Hands a stream to the browser as a download; resolves to its size. The browser gathers it first, on disk if it is
 * large, so that one that is cancelled leaves no file.
 */
export async function saveStream(
  stream: ReadableStream<Uint8Array>,
  name: string,
  { signal, onProgress }: Options,
): Promise<number> {
  let size = 0;
  const counted = stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.length;
        onProgress(size);
        controller.enqueue(chunk);
      },
    }),
    { signal },
  );
  const blob = await new Response(counted).blob();
  signal.throwIfAborted();
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
  return size;
}
