/** What a file is for. Rules look at `code` unless they say otherwise. */
export type FileClass = "code" | "test" | "script" | "migration" | "generated";
