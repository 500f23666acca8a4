/** A change that is committed and can be read, as {@link ScribeStore.subscribe} tells of it. */
export type StoreChange =
  | {
      /** Entries were inserted: one change for all that one transaction added to a project. */
      readonly kind: "entries";
      /** Name of the project. */
      readonly project: string;
      /** `seq` of the first of them; they have all numbers up to `lastSeq`. */
      readonly firstSeq: number;
      /** `seq` of the last of them. */
      readonly lastSeq: number;
    }
  | {
      /** A project itself changed. */
      readonly kind: "project";
      /** Name of the project. */
      readonly project: string;
      /** What became of it: created, or its paths changed; deleted with all that belongs to it; entries removed. */
      readonly action: "upserted" | "deleted" | "pruned";
    }
  | {
      /** A document change or a report card was recorded. */
      readonly kind: "document";
      /** Name of the project. */
      readonly project: string;
    }
  | {
      /** A session began, showed a sign of life, or ended. */
      readonly kind: "session";
      /** Agent whose session it is; `null` if that is not known. */
      readonly agentId: string | null;
      /** Identifier of the session. */
      readonly sessionId: string;
    }
  | {
      /** An agent's current project was set or cleared. */
      readonly kind: "agent_project";
      /** Agent whose project it is. */
      readonly agentId: string;
      /** Name of the project; `null` after it was cleared. */
      readonly project: string | null;
      /** Version after the change. */
      readonly version: number;
    };
