import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { changeFirm, type Firm, firmQuery } from "@/api/queries/settings";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Input, Labelled } from "@/ui/form";
import { Failure, Loading, ProblemLine, SkeletonCard } from "@/ui/states";
import { Changes } from "./Changes";
import { Page } from "./Page";
import { useChange } from "./useChange";

/** What holds for everybody of the firm. */
export function FirmPage() {
  const firm = useQuery(firmQuery);
  return (
    <Page
      title="Firm"
      about="What holds for everybody of the firm. How often clients are reviewed is set with the tiers."
    >
      {firm.isPending && (
        <Loading label="Loading the firm">
          <SkeletonCard />
        </Loading>
      )}
      <Failure of={firm} />
      {firm.data && <FirmForm key={`${firm.data.name} ${firm.data.time_zone}`} firm={firm.data} />}
      <Changes about={["firm"]} />
    </Page>
  );
}

/** The zones that this browser knows; the server knows them all and judges. */
const ZONES = Intl.supportedValuesOf("timeZone");

function FirmForm({ firm }: { firm: Firm }) {
  const { run, busy, problem } = useChange();
  const [name, setName] = useState(firm.name);
  const [zone, setZone] = useState<string>(firm.time_zone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(() => changeFirm({ name, time_zone: zone }), "Firm saved.");
  };
  return (
    <Card id="firm" title={firm.name}>
      <form onSubmit={submit} className="flex flex-col gap-4 px-5 pb-5">
        <ProblemLine error={problem} />
        <Labelled label="Name" required error={problem?.fieldErrors.name}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              required
              maxLength={200}
              value={name}
              onChange={(e) => setName(e.target.value)}
              className="max-w-100"
            />
          )}
        </Labelled>
        <Labelled
          label="Time zone"
          hint="Its days begin and end there: what is due today, late, or put off until tomorrow."
          error={problem?.fieldErrors.time_zone}
        >
          {({ id, describedBy }) => (
            <>
              <Input
                id={id}
                aria-describedby={describedBy}
                required
                list="time-zones"
                value={zone}
                onChange={(e) => setZone(e.target.value)}
                className="max-w-100"
              />
              <datalist id="time-zones">
                {ZONES.map((known) => (
                  <option key={known} value={known} />
                ))}
              </datalist>
            </>
          )}
        </Labelled>
        <div>
          <Button
            type="submit"
            variant="primary"
            disabled={busy || (name === firm.name && zone === firm.time_zone)}
          >
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}
