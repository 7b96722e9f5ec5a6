import { TemplatesEditor } from "./TemplatesEditor";

/** The firm's templates of notes, among its settings. */
export function TemplatesPage() {
  return (
    <section aria-labelledby="templates">
      <h2 id="templates" className="display text-xl">
        Note templates
      </h2>
      <p className="mt-1 mb-5 text-ink-2">
        What a note of a kind of meeting begins with. Everybody in the firm can use them.
      </p>
      <TemplatesEditor />
    </section>
  );
}
