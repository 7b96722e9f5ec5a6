import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { usersQuery } from "@/api/queries/session";
import { createUser, inviteUser, SETTINGS_KEY } from "@/api/queries/settings";
import { confirmed } from "@/features/step-up";
import type { FormField, Values } from "@/lib/fields";
import { ROLES } from "@/lib/words";
import { Button } from "@/ui/button";
import { FormDialog } from "@/ui/FormDialog";
import { Dialog } from "@/ui/overlay";
import { InviteLink } from "./InviteLink";

const FIELDS: FormField[] = [
  { name: "name", label: "Name", kind: "text", required: true },
  { name: "email", label: "Work e-mail", kind: "email", required: true, hint: "Nothing is sent to it." },
  {
    name: "role",
    label: "Role",
    kind: "select",
    required: true,
    initial: "advisor",
    options: Object.entries(ROLES),
  },
];

/** Adds somebody, and shows the link with which they get in the first time. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [key] = useState(() => crypto.randomUUID());
  const [made, setMade] = useState<{ name: string; code: string; expiresAt: string } | null>(null);
  const invite = async (values: Values) => {
    const user = await confirmed(() => createUser(values, key));
    const invitation = await confirmed(() => inviteUser(user.id));
    setMade({ name: user.name, code: invitation.code, expiresAt: invitation.expires_at });
    void client.invalidateQueries({ queryKey: SETTINGS_KEY });
    void client.invalidateQueries({ queryKey: usersQuery.queryKey });
  };
  if (made)
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title={`${made.name} can join now`}>
        <div className="flex flex-col gap-4 p-5">
          <InviteLink code={made.code} expiresAt={made.expiresAt} />
          <p className="text-sm text-ink-2">
            Put them into a team as well: without one they see no household.
          </p>
          <div className="flex justify-end">
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      </Dialog>
    );
  return (
    <FormDialog
      title="Invite somebody"
      submit="Make the link"
      fields={FIELDS}
      onSubmit={invite}
      onClose={onClose}
    />
  );
}
