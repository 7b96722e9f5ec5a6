import { Link } from "@tanstack/react-router";
import type { BrainFile, BrainVersion } from "@/api/queries/brain";
import { bytes } from "@/lib/bytes";
import { cn } from "@/lib/cn";
import { ago, moment } from "@/lib/dates";
import { Card } from "@/ui/card";
import { ErrorState, Loading, Skeleton } from "@/ui/states";
import { wayOf, whoOf } from "./files";
import type { useBrainVersions } from "./useBrain";

/** Every version, the newest first: who, when, how, why. Choosing one reads it. */
export function VersionsCard({
  file,
  shown,
  versions,
}: {
  file: BrainFile;
  shown: number;
  versions: ReturnType<typeof useBrainVersions>;
}) {
  return (
    <Card id="brain-versions" title="Versions">
      {versions.isPending && (
        <Loading label="Loading versions">
          <Skeleton className="mx-5 mb-5 h-4 w-3/5" />
        </Loading>
      )}
      {versions.isError && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      <ol className="flex flex-col gap-0.5 px-3 pb-3">
        {versions.items?.map((version) => (
          <VersionLine
            key={version.version_id}
            version={version}
            newest={version.version === file.version}
            current={version.version === shown}
            fileId={file.id}
          />
        ))}
      </ol>
    </Card>
  );
}

function VersionLine({
  version,
  newest,
  current,
  fileId,
}: {
  version: BrainVersion;
  newest: boolean;
  current: boolean;
  fileId: string;
}) {
  return (
    <li>
      <Link
        from="/households/$id"
        to="."
        search={(s) => ({ ...s, file: fileId, version: newest ? undefined : version.version })}
        replace
        aria-current={current ? "true" : undefined}
        data-testid="version"
        className={cn("block rounded-md px-2 py-2 focus-ring", current ? "bg-brand-soft" : "hover:bg-sunken")}
      >
        <span className="flex items-baseline justify-between gap-2">
          <span className={cn("font-medium", current && "text-brand-ink")}>Version {version.version}</span>
          <time dateTime={version.at} title={moment(version.at)} className="text-xs text-ink-2">
            {ago(version.at)}
          </time>
        </span>
        <span className="block text-sm break-words text-ink-2">
          {whoOf(version)}, {wayOf(version)}
          {!version.removed && `, ${bytes(version.bytes)}`}
        </span>
        {version.reason && <span className="block text-sm break-words">{version.reason}</span>}
      </Link>
    </li>
  );
}
