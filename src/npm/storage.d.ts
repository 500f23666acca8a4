/** What {@link ScribeStore.storage} found. */
export interface StorageState {
  /**
   * Number of bytes of all keys and values of this store, as they are stored: compressed, with their checksums. What
   * the browser needs beside them, such as indexes and free pages, comes on top.
   */
  readonly bytes: number;
  /** Number of bytes that the whole origin takes, as the browser estimates it; `null` where it does not tell. */
  readonly usage: number | null;
  /** Number of bytes that the whole origin may take, as the browser estimates it; `null` where it does not tell. */
  readonly quota: number | null;
  /**
   * Whether the browser keeps what the origin stores until the user removes it, also when the disk gets full; `null`
   * where it does not tell.
   */
  readonly persistent: boolean | null;
}
