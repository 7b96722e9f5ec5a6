/** One of two ways to see the same thing. */
export function Switch({
  label,
  first,
  second,
  on,
  onChange,
}: {
  label: string;
  first: string;
  second: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: two toggles, not a form's fieldset
    <span
      role="group"
      aria-label={label}
      className="inline-flex overflow-hidden rounded-md border border-line-2"
    >
      {[first, second].map((text, i) => (
        <button
          key={text}
          type="button"
          aria-pressed={on === (i === 1)}
          onClick={() => onChange(i === 1)}
          className="px-2.5 py-1 text-sm text-ink-2 hover:bg-sunken focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-[var(--mf-focus)] aria-pressed:bg-brand-soft aria-pressed:font-medium aria-pressed:text-brand-ink"
        >
          {text}
        </button>
      ))}
    </span>
  );
}
