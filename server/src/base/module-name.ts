/** The last part of a module's name: `Orders` of `Shop.Orders`. */
export function shortName(module: string): string {
  return module.slice(module.lastIndexOf(".") + 1);
}
