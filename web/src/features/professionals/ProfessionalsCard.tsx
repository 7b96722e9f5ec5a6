import { AddButton, RowMenu, rowMark, Told, useEditor, whyRow } from "@/features/edits";
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
            <li
              key={p.id}
              className="flex items-start gap-3 py-2.5 focus-ring"
              {...rowMark(p.id)}
              {...whyRow(p.name)}
            >
              <div className="min-w-0 flex-1">
                <p className="font-medium">
                  <Told noun="professionals" id={p.id} field="name">
                    {p.name}
                  </Told>
                </p>
                <p className="text-sm text-ink-2">
                  <Told noun="professionals" id={p.id} field="kind">
                    {p.kind}
                  </Told>
                  {p.organization && (
                    <Told noun="professionals" id={p.id} field="organization">
                      , {p.organization}
                    </Told>
                  )}
                </p>
                <p className="flex flex-wrap gap-x-4 text-sm text-ink-2">
                  {p.phone && (
                    <a
                      className="rounded-sm hover:underline focus-ring"
                      href={`tel:${p.phone.replace(/[^\d+]/g, "")}`}
                    >
                      <Told noun="professionals" id={p.id} field="phone">
                        {p.phone}
                      </Told>
                    </a>
                  )}
                  {p.email && (
                    <a className="rounded-sm break-all hover:underline focus-ring" href={`mailto:${p.email}`}>
                      <Told noun="professionals" id={p.id} field="email">
                        {p.email}
                      </Told>
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
