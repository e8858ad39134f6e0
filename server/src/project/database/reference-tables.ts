const REFERENCE =
  /(?:^|_)(?:options|roles|categories|types|kinds|status(?:es)?|languages|locales|countries|time_?zones|currencies|plans|permissions|scopes|settings)$/;

/** True for a table, or a list of its rows, that is short in any application because those who make it list what there is. */
export function isReference(name: string): boolean {
  return REFERENCE.test(name);
}
