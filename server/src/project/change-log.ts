/** What has changed, revision by revision; the oldest entries are forgotten. */
export class ChangeLog<T> {
  private entries: { readonly revision: number; readonly items: readonly T[] }[] = [];
  /** Nothing is known of changes up to this revision; before all of them is -1. */
  private forgotten = 0;
  private last: { readonly since: number; readonly items: ReadonlySet<T> } | null = null;

  /** Revisions come in order; several entries may have the same. */
  note(revision: number, items: readonly T[]): void {
    this.last = null;
    this.entries.push({ revision, items });
    if (this.entries.length <= 2 * KEPT) return;
    this.forgotten = this.entries[KEPT - 1]?.revision ?? revision;
    this.entries = this.entries.slice(KEPT);
  }

  /** What has changed after that revision; null where that is forgotten, so that anything may have. */
  since(revision: number): ReadonlySet<T> | null {
    if (revision < this.forgotten) return null;
    if (this.last?.since === revision) return this.last.items;
    const items = new Set<T>();
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i];
      if (!entry || entry.revision <= revision) break;
      for (const item of entry.items) items.add(item);
    }
    this.last = { since: revision, items };
    return items;
  }
}

/** So many entries are remembered at least. */
const KEPT = 50;
