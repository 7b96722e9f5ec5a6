import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { teamsQuery, usersQuery } from "@/api/queries/session";
import { decideAdvisor, decideRow, type RowDecision } from "@/api/queries/uploads";
import type { Upload, UploadLine } from "@/api/types";
import { formatValue } from "@/features/edits";
import { plural } from "@/lib/words";
import { Button } from "@/ui/button";
import { Badge } from "@/ui/card";
import { Input, Labelled, Select } from "@/ui/form";
import { ProblemLine } from "@/ui/states";
import { useLostFocus } from "./focus";
import { changeName, fieldName, oneOf, reasonText } from "./words";

const nobody = () => undefined;
const shown = (value: unknown) =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");

/** One row that needs a look, or one household that comes; what can be mended is mended where it stands. */
export function Line({ upload, line }: { upload: Upload; line: UploadLine }) {
  const household = line.section === "households" && ["created", "changed", "kept"].includes(line.fate);
  const mendable = line.fate === "refused" || line.fate === "unread";
  if (household) return <Household line={line} />;
  if (line.section === "advisors") return <Word upload={upload} line={line} />;
  return (
    <>
      <p className="break-words">
        <span className="font-medium">{oneOf(line.section)}</span>{" "}
        {line.id && <code className="font-mono text-sm text-ink-2">{line.id} </code>}
        {reasonText(line.reason)}
        {line.household && <span className="text-ink-2">, household {line.household}</span>}
      </p>
      <Source line={line} />
      {mendable && line.reason !== "left_out" && <Mend upload={upload} line={line} />}
      {line.reason === "left_out" && <TakeBack upload={upload} line={line} />}
    </>
  );
}

/** The row as the source has it. */
function Source({ line }: { line: UploadLine }) {
  if (!line.row) return <p className="text-xs break-all text-ink-3">{line.place}</p>;
  const fields = Object.entries(line.row).filter(([, value]) => value !== null && value !== "");
  return (
    <details className="mt-0.5 text-sm">
      <summary className="cursor-pointer rounded-sm text-xs break-all text-ink-3 focus-ring">
        {line.place}
      </summary>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5">
        {fields.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="break-words">{shown(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Decisions are sent one after another. Nothing is disabled meanwhile: that would take the focus away. */
function useDecide(upload: Upload) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: upload.id },
    mutationFn: (body: RowDecision) => decideRow(upload.id, body),
    onSuccess: async (changed) => {
      client.setQueryData(["uploads", upload.id], changed);
      await client.invalidateQueries({ queryKey: ["uploads", upload.id, "lines"] });
    },
  });
}

function TakeBack({ upload, line }: { upload: Upload; line: UploadLine }) {
  const decide = useDecide(upload);
  const said = useLostFocus<HTMLParagraphElement>(line.decided, true);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-3 text-sm text-ink-2">
      <p ref={said} tabIndex={-1} className="rounded-sm focus-ring">
        {line.decided ? `Left out by ${line.decided.by}.` : "Will not be left out."}
      </p>
      {line.decided && (
        <Button size="sm" onClick={() => decide.mutate({ place: line.place })}>
          Take it after all
        </Button>
      )}
      <ProblemLine error={decide.error} />
    </div>
  );
}

/** A corrected value, or the decision to leave the row out. */
function Mend({ upload, line }: { upload: Upload; line: UploadLine }) {
  const decide = useDecide(upload);
  const [values, setValues] = useState<Record<string, string>>({});
  const { decided } = line;
  const decision = useLostFocus<HTMLButtonElement>(decided, true);
  const given = (path: string, value: unknown) =>
    values[path] ??
    decided?.values[path] ??
    (value === null || typeof value === "object" ? "" : String(value));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const corrections = line.correctable.map(({ path, value }) => ({ path, value: given(path, value) }));
    decide.mutate({ place: line.place, values: corrections });
  };
  const canCorrect = line.correctable.length > 0 && line.reason !== "correction_failed";
  return (
    <form onSubmit={submit} className="mt-2 flex flex-wrap items-end gap-x-3 gap-y-2">
      {canCorrect &&
        line.correctable.map(({ path, value }) => (
          <div key={path} className="w-full min-w-0 sm:w-80">
            <Labelled
              label={fieldName(path)}
              hint={
                <>
                  {path !== fieldName(path) && <code className="font-mono break-all">{path}</code>}
                  {decided && !decided.leave_out && <>, was {shown(value) || "empty"}</>}
                </>
              }
            >
              {({ id, describedBy }) => (
                <Input
                  id={id}
                  aria-describedby={describedBy}
                  maxLength={4000}
                  value={given(path, value)}
                  onChange={(event) => setValues({ ...values, [path]: event.target.value })}
                />
              )}
            </Labelled>
          </div>
        ))}
      <div className="mb-5.5 flex flex-wrap items-center gap-2">
        {canCorrect && (
          <Button type="submit" size="sm">
            Correct
          </Button>
        )}
        {!decided?.leave_out && (
          <Button
            ref={decided ? undefined : decision}
            size="sm"
            variant="ghost"
            onClick={() => decide.mutate({ place: line.place, leave_out: true })}
          >
            Leave out
          </Button>
        )}
        {decided && (
          <>
            <Badge tone="pos">
              {decided.leave_out ? "Left out" : "Corrected"} by {decided.by}
            </Badge>
            <Button
              ref={decision}
              size="sm"
              variant="ghost"
              onClick={() => {
                setValues({});
                decide.mutate({ place: line.place });
              }}
            >
              Take back
            </Button>
          </>
        )}
      </div>
      <ProblemLine error={decide.error} />
    </form>
  );
}

/** A name of the source that stands for nobody: who is it? */
function Word({ upload, line }: { upload: Upload; line: UploadLine }) {
  const client = useQueryClient();
  const users = useQuery(usersQuery);
  const teams = useQuery(teamsQuery);
  const decide = useMutation({
    scope: { id: upload.id },
    mutationFn: (choice: string) => {
      const [kind, id] = choice.split(" ");
      return decideAdvisor(upload.id, {
        word: line.place,
        user_id: kind === "user" ? id : undefined,
        team_id: kind === "team" ? id : undefined,
      });
    },
    onSuccess: (changed) => client.setQueryData(["uploads", upload.id], changed),
  });
  const mapped = upload.advisors.find((a) => a.word === line.place);
  const value = mapped ? (mapped.user_id ? `user ${mapped.user_id}` : `team ${mapped.team_id}`) : "";
  return (
    <div className="flex flex-wrap items-end justify-between gap-3">
      <p className="min-w-0 break-words">
        <span className="font-medium">{line.place}</span> {reasonText(line.reason)}
        <span className="text-ink-2">, {plural(Number(line.id ?? 0), "row")}</span>
      </p>
      <div className="w-full sm:w-72">
        <Labelled label={`Who is ${line.place}?`}>
          {({ id }) => (
            <Select
              id={id}
              value={decide.isPending ? decide.variables : value}
              onChange={(e) => decide.mutate(e.target.value)}
            >
              <option value="">Nobody of the firm</option>
              <optgroup label="People">
                {users.data?.items.map((user) => (
                  <option key={user.id} value={`user ${user.id}`}>
                    {user.name}
                  </option>
                ))}
              </optgroup>
              <optgroup label="Teams">
                {teams.data?.items.map((team) => (
                  <option key={team.id} value={`team ${team.id}`}>
                    {team.name}
                  </option>
                ))}
              </optgroup>
            </Select>
          )}
        </Labelled>
      </div>
      <ProblemLine error={decide.error} />
    </div>
  );
}

function Household({ line }: { line: UploadLine }) {
  return (
    <details>
      <summary className="cursor-pointer rounded-sm focus-ring">
        <span className="font-medium break-words">{line.household}</span>{" "}
        <span className="text-sm text-ink-2">
          {line.fate === "created" && line.reason === "new"
            ? plural(line.changes.length, "value")
            : `${reasonText(line.reason)}, ${plural(line.changes.length + line.more_changes, "value")}`}
        </span>
      </summary>
      <dl className="mt-2 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[14rem_minmax(0,1fr)]">
        {line.changes.map(({ entity, field, old, new: after }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, with repeated names
          <div key={i} className="contents">
            <dt className="text-ink-2">
              {entity === "people" && line.fate === "created"
                ? fieldName(field ?? "")
                : changeName(entity, field)}
            </dt>
            <dd className="break-words max-sm:mb-1.5">
              {line.fate !== "created" && field && (
                <>
                  <del className="text-ink-3">{formatValue(entity, field, old, nobody)}</del>{" "}
                  <span className="text-ink-3">to </span>
                </>
              )}
              {formatValue(
                entity,
                field === "linked_usd" || field === "held_away_usd" ? "amount" : field,
                after,
                nobody,
              )}
            </dd>
          </div>
        ))}
      </dl>
      {line.more_changes > 0 && (
        <p className="mt-1 text-sm text-ink-2">And {plural(line.more_changes, "more value")}.</p>
      )}
    </details>
  );
}
