/** Whether two looks at the list are the same: order of the keys and what is left empty do not count. */
export function sameLook(a: object, b: object) {
  const plain = (look: object) =>
    JSON.stringify(
      Object.entries(look)
        .filter(([, value]) => value !== undefined && value !== "")
        .sort(([x], [y]) => x.localeCompare(y)),
    );
  return plain(a) === plain(b);
}
