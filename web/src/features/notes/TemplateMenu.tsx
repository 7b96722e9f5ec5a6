import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LayoutTemplate } from "lucide-react";
import { templatesQuery } from "@/api/queries/notes";
import { useCan } from "@/features/auth";
import { Button } from "@/ui/button";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/menu";

/** What a note of a kind of meeting begins with. Opened by its button, by Ctrl+/ or by typing `/template`. */
export function TemplateMenu({
  open,
  onOpenChange,
  onChoose,
  returnTo,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (body: string) => void;
  returnTo: () => HTMLElement | null;
}) {
  const templates = useQuery(templatesQuery);
  const manages = useCan("templates.manage");
  const items = templates.data?.items ?? [];
  return (
    <Menu
      align="start"
      open={open}
      onOpenChange={onOpenChange}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        returnTo()?.focus();
      }}
      trigger={
        <Button size="sm" variant="ghost" title="Ctrl+/" className="-ml-2">
          <LayoutTemplate />
          Template
        </Button>
      }
    >
      {items.map((template) => (
        <MenuItem key={template.id} onSelect={() => onChoose(template.body)}>
          {template.name}
        </MenuItem>
      ))}
      {items.length === 0 && (
        <MenuLabel>
          <span className="text-ink-2">
            {templates.isPending ? "Loading" : "The firm has no templates yet."}
          </span>
        </MenuLabel>
      )}
      {manages && (
        <>
          <MenuSeparator />
          <MenuItem asChild>
            <Link to="/settings/templates">Edit templates</Link>
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
