import { useQuery } from "@tanstack/react-query";
import { MapPin } from "lucide-react";
import type { ReactNode } from "react";
import { teamsQuery } from "@/api/queries/session";
import { ContactPoints, contactPointSpec } from "@/features/contact-points";
import { AddButton, InlineField, useEditor } from "@/features/edits";
import { EntitiesCard } from "@/features/entities";
import { GoalsCard } from "@/features/goals";
import { HintsCard } from "@/features/hints";
import { InsuranceCard } from "@/features/insurance";
import { LiabilitiesCard } from "@/features/liabilities";
import { LatestNotes } from "@/features/notes";
import { ProfessionalsCard } from "@/features/professionals";
import { date } from "@/lib/dates";
import type { FormField } from "@/lib/fields";
import { HOUSEHOLD_TYPES, label } from "@/lib/words";
import { Badge, Card } from "@/ui/card";
import { Markdown } from "@/ui/Markdown";
import { HOUSEHOLD_FIELDS, teamField } from "./fields";

const NotSet = () => <span className="text-ink-3">Not set</span>;

export function OverviewTab({ onAllNotes }: { onAllNotes: () => void }) {
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <HintsCard />
      <FactsCard />
      <LatestNotes onAllNotes={onAllNotes} />
      <GoalsCard />
      <EntitiesCard />
      <LiabilitiesCard />
      <InsuranceCard />
      <ProfessionalsCard />
      <HouseholdContacts />
    </div>
  );
}

function FactsCard() {
  const { record } = useEditor();
  const { household } = record;
  const teams = useQuery(teamsQuery).data?.items ?? (record.team ? [record.team] : []);
  const f = HOUSEHOLD_FIELDS;
  const field = (spec: FormField, shown: ReactNode) => (
    <InlineField key={spec.name} noun="households" row={household} field={spec}>
      {shown || <NotSet />}
    </InlineField>
  );
  return (
    <Card id="facts" title="Facts">
      <div className="grid grid-cols-2 gap-x-6 gap-y-4 px-5 pb-5 @2xl:grid-cols-3">
        {field(f.type, label(HOUSEHOLD_TYPES, household.type))}
        {field(f.tier, household.tier)}
        {field(f.stage, household.stage)}
        {field(teamField(teams), record.team?.name)}
        {field(f.review_cadence_months, household.review_cadence_months?.toString())}
        {field(f.client_since, household.client_since && date(household.client_since))}
        {field(f.risk_profile, household.risk_profile)}
        {field(f.source, household.source)}
        {field(
          f.tags,
          household.tags.length > 0 && (
            <span className="flex flex-wrap gap-1">
              {household.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          ),
        )}
        <div className="col-span-full border-t border-line pt-4">
          {field(f.story, household.story && <Markdown source={household.story} />)}
        </div>
      </div>
    </Card>
  );
}

function HouseholdContacts() {
  const { record } = useEditor();
  return (
    <Card
      id="household-contacts"
      title={
        <span className="flex items-center gap-2">
          <MapPin aria-hidden className="size-4 text-brass" strokeWidth={1.75} />
          Address and contact
        </span>
      }
      action={<AddButton spec={contactPointSpec} />}
    >
      <div className="px-5 pb-4">
        <ContactPoints contacts={record.contact_points} of={record.household.name} />
      </div>
    </Card>
  );
}
