/**
 * What the runtime's WebAssembly exports for stepping through a tree. Each function takes the tree's address, reads the
 * cursor from the runtime's transfer buffer, and leaves it there.
 */
export interface TreeFunctions {
  ts_tree_root_node_wasm(tree: number): void;
  ts_tree_cursor_new_wasm(tree: number): void;
  ts_tree_cursor_delete_wasm(tree: number): void;
  ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  ts_tree_cursor_goto_parent_wasm(tree: number): number;
  ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  ts_tree_cursor_start_index_wasm(tree: number): number;
  ts_tree_cursor_end_index_wasm(tree: number): number;
}

/** The part of the platform's WebAssembly that is used here; its types come with the DOM's only. */
interface Platform {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: object }; readonly module: object }>;
}
declare const WebAssembly: Platform;

/**
 * A walk through one tree at a time, as web-tree-sitter's `TreeCursor`, which copies the cursor into WebAssembly memory
 * and out again at every step: reading a tree that way costs as much as three quarters of parsing it, this way a fifth.
 *
 * Invariant: between `begin` and `end` nothing else of web-tree-sitter is called, for the cursor lives in the buffer that
 * all of it passes values through.
 */
export class TreeWalk {
  private tree = 0;

  constructor(private readonly functions: TreeFunctions) {}

  /** Stands at the root of the tree, given by its address. */
  begin(tree: number): void {
    this.tree = tree;
    this.functions.ts_tree_root_node_wasm(tree);
    this.functions.ts_tree_cursor_new_wasm(tree);
  }

  /** Frees what the walk holds. */
  end(): void {
    this.functions.ts_tree_cursor_delete_wasm(this.tree);
    this.tree = 0;
  }

  /** The kind of the node as a number of the grammar. */
  get kind(): number {
    return this.functions.ts_tree_cursor_current_node_type_id_wasm(this.tree);
  }

  /** The offset of the node, in UTF-16 code units. */
  get start(): number {
    return this.functions.ts_tree_cursor_start_index_wasm(this.tree);
  }

  /** The offset after the node, in UTF-16 code units. */
  get stop(): number {
    return this.functions.ts_tree_cursor_end_index_wasm(this.tree);
  }

  /** Goes to the first child; false, and stays, where there is none. */
  down(): boolean {
    return this.functions.ts_tree_cursor_goto_first_child_wasm(this.tree) === 1;
  }

  /** Goes to the next sibling; false, and stays, where there is none. */
  next(): boolean {
    return this.functions.ts_tree_cursor_goto_next_sibling_wasm(this.tree) === 1;
  }

  /** Goes to the parent. */
  up(): void {
    this.functions.ts_tree_cursor_goto_parent_wasm(this.tree);
  }
}

/** Emscripten's hook for starting a module: it is given the imports, and hands on the instance. */
export type Instantiate = (imports: object, receive: (instance: object, module: object) => void) => object;

/**
 * The hook with which web-tree-sitter starts its runtime, and the runtime's functions once it has.
 * `Module.instantiateWasm`: https://emscripten.org/docs/api_reference/module.html#Module.instantiateWasm
 */
export function runtimeOf(bytes: Uint8Array): { instantiate: Instantiate; functions: Promise<TreeFunctions> } {
  let found: (functions: TreeFunctions) => void;
  let failed: (error: unknown) => void;
  const functions = new Promise<TreeFunctions>((resolve, reject) => {
    found = resolve;
    failed = reject;
  });
  const instantiate: Instantiate = (imports, receive) => {
    WebAssembly.instantiate(bytes, imports).then(({ instance, module }) => {
      receive(instance, module);
      found(instance.exports as TreeFunctions);
    }, failed);
    return {};
  };
  return { instantiate, functions };
}
