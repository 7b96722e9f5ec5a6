import { AddButton, RowMenu, useEditor } from "@/features/edits";
import { Card, CardEmpty, CardList } from "@/ui/card";
import { professionalSpec } from "./spec";

/** The family's attorney, accountant and other advisers. */
export function ProfessionalsCard() {
  const { record } = useEditor();
  return (
    <Card id="professionals" title="Professionals" action={<AddButton spec={professionalSpec} />}>
      {record.professionals.length === 0 ? (
        <CardEmpty>No attorney, accountant or trusted contact yet.</CardEmpty>
      ) : (
        <CardList>
          {record.professionals.map((p) => (
            <li key={p.id} className="flex items-start gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="font-medium">{p.name}</p>
                <p className="text-sm text-ink-2">{[p.kind, p.organization].filter(Boolean).join(", ")}</p>
                <p className="flex flex-wrap gap-x-4 text-sm text-ink-2">
                  {p.phone && (
                    <a
                      className="rounded-sm hover:underline focus-ring"
                      href={`tel:${p.phone.replace(/[^\d+]/g, "")}`}
                    >
                      {p.phone}
                    </a>
                  )}
                  {p.email && (
                    <a className="rounded-sm break-all hover:underline focus-ring" href={`mailto:${p.email}`}>
                      {p.email}
                    </a>
                  )}
                </p>
              </div>
              <RowMenu spec={professionalSpec} row={p} name={p.name} />
            </li>
          ))}
        </CardList>
      )}
    </Card>
  );
}
