/** What a function does beyond computing. */
export type Effect =
  /** Reads the database. */
  | "db-read"
  /** Writes to the database. */
  | "db-write"
  /** Waits for another machine over HTTP or a protocol like it. */
  | "http"
  /** Reads or writes files. */
  | "file"
  /** Copies or deletes folders with all that is in them. */
  | "folder"
  /** Sleeps. */
  | "sleep"
  /** Waits for another process. */
  | "process-call"
  /** Starts a process. */
  | "spawn"
  /** Publishes a message to subscribers. */
  | "broadcast"
  /** Sends mail. */
  | "mail"
  /** Runs a program of the operating system. */
  | "os-command";

/**
 * What may be done to the database for each element of a collection: a preload is told from other reads, as it does
 * nothing for what is loaded already.
 */
export type DatabaseEffect = "db-read" | "db-preload" | "db-write";

export const DATABASE_EFFECTS: readonly DatabaseEffect[] = ["db-read", "db-preload", "db-write"];

export const EFFECTS: readonly Effect[] = [
  "db-read",
  "db-write",
  "http",
  "file",
  "folder",
  "sleep",
  "process-call",
  "spawn",
  "broadcast",
  "mail",
  "os-command",
];

/** The effect as a verb: "reads the database". */
export const VERBS: Readonly<Record<Effect, string>> = {
  "db-read": "reads the database",
  "db-write": "writes to the database",
  http: "waits for the network",
  file: "uses the file system",
  folder: "works through whole folders",
  sleep: "sleeps",
  "process-call": "waits for another process",
  spawn: "starts a process",
  broadcast: "broadcasts",
  mail: "sends mail",
  "os-command": "runs a program",
};
