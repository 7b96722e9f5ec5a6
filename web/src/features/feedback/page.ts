/** The pattern of a page's address as the server takes it, such as `/households/$id`: never an id, never what is looked for. */
export function pageOf(pattern: string | undefined) {
  const plain = (pattern ?? "/").toLowerCase().replace(/\/+$/, "");
  return /^\/[a-z$/_-]{0,199}$/.test(plain) ? plain : "/";
}
