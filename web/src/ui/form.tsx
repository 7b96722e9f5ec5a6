import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";
import { dateWithWeekday } from "@/lib/dates";
import type { FormField, Values } from "@/lib/fields";

const CONTROL =
  "w-full rounded-md border border-control bg-surface px-3 text-base text-ink placeholder:text-ink-3 focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-[var(--mf-focus)] aria-[invalid=true]:border-neg disabled:opacity-60";

export const Input = ({ className, ...props }: ComponentProps<"input">) => (
  <input autoComplete="off" className={cn(CONTROL, "h-9", className)} {...props} />
);
export const TextArea = ({ className, ...props }: ComponentProps<"textarea">) => (
  <textarea className={cn(CONTROL, "min-h-24 py-2", className)} {...props} />
);
export const Select = ({ className, ...props }: ComponentProps<"select">) => (
  <select className={cn(CONTROL, "mf-select h-9 pr-8", className)} {...props} />
);
export const Checkbox = ({ className, ...props }: ComponentProps<"input">) => (
  <input
    type="checkbox"
    className={cn("size-4 shrink-0 cursor-pointer accent-[var(--mf-brand)] focus-ring", className)}
    {...props}
  />
);

/** A label above its control, with a hint or the server's objection below. */
export function Labelled({
  label,
  hint,
  error,
  required,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string;
  required?: boolean;
  children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
        {required && <span className="font-normal text-ink-3"> (needed)</span>}
      </label>
      {children({ id, describedBy: note ? `${id}-note` : undefined })}
      {note && (
        <p id={`${id}-note`} className={cn("mt-1 text-xs", error ? "text-neg" : "text-ink-3")}>
          {note}
        </p>
      )}
    </div>
  );
}

const HTML_TYPES: Partial<Record<FormField["kind"], string>> = {
  date: "date",
  datetime: "datetime-local",
  time: "time",
  number: "number",
  email: "email",
  tel: "tel",
};

interface ControlProps {
  field: FormField;
  value: string | boolean;
  onChange: (value: string | boolean) => void;
  id?: string;
  describedBy?: string;
  invalid?: boolean;
  label?: string;
  autoFocus?: boolean;
  /** What is there is selected, so typing replaces it. */
  selectAll?: boolean;
}

/** The control that suits a field's kind. */
export function FieldControl({
  field,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  label,
  autoFocus,
  selectAll,
}: ControlProps) {
  const shared = {
    id,
    name: field.name,
    "aria-label": label,
    "aria-describedby": describedBy,
    "aria-invalid": invalid || undefined,
    autoFocus,
    required: field.required,
  };
  const words = useId();
  const text = String(value);
  if (field.kind === "checkbox")
    return <Checkbox {...shared} checked={value === true} onChange={(e) => onChange(e.target.checked)} />;
  if (field.kind === "long")
    return <TextArea {...shared} rows={4} value={text} onChange={(e) => onChange(e.target.value)} />;
  if (field.kind === "select")
    return (
      <Select {...shared} value={text} onChange={(e) => onChange(e.target.value)}>
        {(!field.required || text === "") && <option value="">Not set</option>}
        {field.options?.map(([v, l]) => (
          <option key={v} value={v}>
            {l}
          </option>
        ))}
      </Select>
    );
  return (
    <>
      <Input
        {...shared}
        type={field.sealedDate ? "date" : (HTML_TYPES[field.kind] ?? "text")}
        inputMode={field.kind === "money" || field.kind === "percent" ? "decimal" : undefined}
        list={field.suggestions && words}
        value={text}
        onFocus={selectAll ? (e) => e.target.select() : undefined}
        onChange={(e) => onChange(e.target.value)}
      />
      {field.suggestions && (
        <datalist id={words}>
          {field.suggestions.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
    </>
  );
}

function hintOf(field: FormField, value: string | boolean) {
  if (field.kind === "date" && typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value))
    return dateWithWeekday(value);
  if (field.kind === "tags") return field.hint ?? "Separate tags with commas.";
  return field.hint;
}

/** All fields of a form, in two columns where there is room. */
export function FormFields({
  fields,
  values,
  onChange,
  errors = {},
  focusFirst = true,
}: {
  fields: readonly FormField[];
  values: Values;
  onChange: (name: string, value: string | boolean) => void;
  errors?: Record<string, string>;
  /** Whether the first control takes the focus. */
  focusFirst?: boolean;
}) {
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-4">
      {fields
        .filter((f) => !f.when || f.when(values))
        .map((f, index) => (
          <div key={f.name} className={cn("min-w-0", f.half ? "col-span-2 sm:col-span-1" : "col-span-2")}>
            {f.kind === "checkbox" ? (
              // biome-ignore lint/a11y/noLabelWithoutControl: the control inside is a component
              <label className="flex items-center gap-2.5">
                <FieldControl
                  field={f}
                  value={values[f.name] ?? false}
                  onChange={(v) => onChange(f.name, v)}
                />
                {f.label}
              </label>
            ) : (
              <Labelled
                label={f.label}
                required={f.required}
                hint={hintOf(f, values[f.name] ?? "")}
                error={errors[f.name]}
              >
                {({ id, describedBy }) => (
                  <FieldControl
                    field={f}
                    id={id}
                    describedBy={describedBy}
                    invalid={Boolean(errors[f.name])}
                    value={values[f.name] ?? ""}
                    onChange={(v) => onChange(f.name, v)}
                    autoFocus={focusFirst && index === 0}
                  />
                )}
              </Labelled>
            )}
          </div>
        ))}
    </div>
  );
}
