import { Plus } from "lucide-react";
import type { Entity, EntityRole } from "@/api/types";
import { useCan } from "@/features/auth";
import { AddButton, RowMenu, rowMark, SealedValue, Told, useEditor, whyRow } from "@/features/edits";
import { date } from "@/lib/dates";
import { ENTITY_KINDS, ENTITY_ROLES, label } from "@/lib/words";
import { Badge, Card, CardEmpty, CardList } from "@/ui/card";
import { MenuItem } from "@/ui/menu";
import { entityRoleSpec, entitySpec } from "./spec";

/** Trusts, companies and the like, with who holds which role and since when. */
export function EntitiesCard() {
  const { record } = useEditor();
  return (
    <Card id="entities" title="Trusts and companies" action={<AddButton spec={entitySpec} />}>
      {record.entities.length === 0 ? (
        <CardEmpty>No trust, company or foundation yet.</CardEmpty>
      ) : (
        <CardList>
          {record.entities.map((entity) => (
            <EntityRow key={entity.id} entity={entity} />
          ))}
        </CardList>
      )}
    </Card>
  );
}

function EntityRow({ entity }: { entity: Entity }) {
  const { add } = useEditor();
  const canReveal = useCan("sensitive.reveal");
  return (
    <li className="py-3 focus-ring" {...rowMark(entity.id)} {...whyRow(entity.name)}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
            <Told noun="entities" id={entity.id} field="name">
              {entity.name}
            </Told>
            <Told noun="entities" id={entity.id} field="kind">
              <Badge>{label(ENTITY_KINDS, entity.kind)}</Badge>
            </Told>
          </p>
          <p className="text-sm text-ink-2">
            {entity.formed_on && (
              <Told noun="entities" id={entity.id} field="formed_on">
                Formed {date(entity.formed_on)}.{" "}
              </Told>
            )}
            {entity.tax_id && (
              <>
                Tax id{" "}
                <SealedValue
                  noun="entities"
                  id={entity.id}
                  field="tax_id"
                  label="Tax id"
                  of={entity.name}
                  sealed={entity.tax_id}
                  allowed={canReveal}
                />
              </>
            )}
          </p>
        </div>
        <RowMenu spec={entitySpec} row={entity} name={entity.name}>
          <MenuItem onSelect={() => add(entityRoleSpec, { entity_id: entity.id })}>
            <Plus />
            Add a role
          </MenuItem>
        </RowMenu>
      </div>
      {entity.roles.length > 0 && (
        <ul className="mt-1 border-l-2 border-line pl-3">
          {entity.roles.map((role) => (
            <RoleRow key={role.id} role={role} />
          ))}
        </ul>
      )}
    </li>
  );
}

function RoleRow({ role }: { role: EntityRole }) {
  const { nameOf } = useEditor();
  const holder = role.name ?? (role.person_id ? nameOf(role.person_id) : undefined) ?? "Somebody";
  return (
    <li
      className="flex items-center gap-2 text-sm focus-ring"
      {...rowMark(role.id)}
      {...whyRow(`${label(ENTITY_ROLES, role.role)} ${holder}`)}
    >
      <span className="min-w-0 flex-1">
        {holder}{" "}
        <span className="text-ink-3">
          <Told noun="entity-roles" id={role.id} field="role">
            {label(ENTITY_ROLES, role.role)}
          </Told>
          {role.since && (
            <Told noun="entity-roles" id={role.id} field="since">
              , since {date(role.since)}
            </Told>
          )}
          {role.until && (
            <Told noun="entity-roles" id={role.id} field="until">
              , until {date(role.until)}
            </Told>
          )}
        </span>
      </span>
      <RowMenu spec={entityRoleSpec} row={role} name={`${label(ENTITY_ROLES, role.role)} ${holder}`} />
    </li>
  );
}
