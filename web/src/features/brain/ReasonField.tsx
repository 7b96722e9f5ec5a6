import { Input, Labelled } from "@/ui/form";

/** Why a version is written. */
export function ReasonField({
  value,
  onChange,
  error,
  hint,
  longest,
  required = false,
  autoFocus = false,
}: {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
  hint: string;
  /** The server puts words of its own before some reasons: the two must fit into one. */
  longest: 400 | 500;
  required?: boolean;
  autoFocus?: boolean;
}) {
  return (
    <Labelled label="Reason" required={required} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <Input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          autoFocus={autoFocus}
          required={required}
          minLength={3}
          maxLength={longest}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Labelled>
  );
}
