// Writing a stream to a file of the user's.

interface Options {
  signal: AbortSignal;
  /** Called with the number of bytes so far. */
  onProgress: (bytes: number) => void;
}

/** What is gathered goes into a blob, which the browser may put on disk, in pieces of this size. */
const PIECE_BYTES = 4 * 1024 * 1024;

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
  const reader = stream.getReader();
  const done: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let gathered = 0;
  const gather = () => {
    done.push(new Blob(chunks));
    chunks = [];
    gathered = size;
  };
  // Not by a `Response`, which would tell nothing of what a stream failed with.
  for (;;) {
    const { done: isOver, value } = await reader.read();
    if (isOver) break;
    if (signal.aborted) {
      await reader.cancel(signal.reason);
      throw signal.reason;
    }
    chunks.push(value as Uint8Array<ArrayBuffer>);
    size += value.length;
    onProgress(size);
    if (size - gathered > PIECE_BYTES) gather();
  }
  gather();
  signal.throwIfAborted();
  const blob = new Blob(done);
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
  return size;
}
