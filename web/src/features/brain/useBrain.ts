import { type QueryClient, useQueries, useQuery } from "@tanstack/react-query";
import {
  type BrainFile,
  type BrainVersion,
  brainFilesQuery,
  brainTextQuery,
  brainVersionsQuery,
  removedBrainFilesQuery,
} from "@/api/queries/brain";
import { versionAt } from "./files";

/**
 * The brain files of a household as they are, and those that were removed; or those that were there at a moment, with the versions
 * that they had.
 */
export function useBrainFiles(householdId: string, knownAt: string | undefined) {
  const files = useQuery(brainFilesQuery(householdId));
  const gone = useQuery(removedBrainFilesQuery(householdId));
  const present = files.data?.items ?? [];
  const removed = gone.data?.items ?? [];
  const all = knownAt ? [...present, ...removed].sort(byPath) : present;
  // Otherwise what was removed is beside the point: without it the files are there all the same.
  const needsGone = knownAt !== undefined || present.length === 0;
  const later = knownAt ? all.filter((file) => Date.parse(file.at) > Date.parse(knownAt)) : [];
  const older = useQueries({ queries: later.map((file) => brainVersionsQuery(file.id, file.version)) });
  const then = (file: BrainFile) => {
    const index = later.indexOf(file);
    if (index < 0 || !knownAt) return file;
    const version = versionAt(older[index]?.data?.items ?? [], knownAt);
    return version && { ...file, ...version };
  };
  const there = (file: BrainFile | undefined): file is BrainFile => file !== undefined && !file.removed;
  return {
    files: files.data && all.map(then).filter(there),
    removed: knownAt ? [] : removed,
    /** The files are there, and what was removed could not be asked for. */
    removedUnknown: gone.isError,
    pending: files.isPending || (needsGone && gone.isPending) || older.some((one) => one.isPending),
    error: files.error ?? (needsGone ? gone.error : null) ?? older.find((one) => one.error)?.error ?? null,
    retry: () => {
      for (const one of [files, gone]) if (one.isError) void one.refetch();
      for (const one of older) if (one.isError) void one.refetch();
    },
  };
}

/** The versions of a file, the newest first; those after a moment of the past are left out. */
export function useBrainVersions(file: BrainFile, knownAt: string | undefined) {
  const versions = useQuery(brainVersionsQuery(file.id, file.version));
  const known = (version: BrainVersion) => !knownAt || Date.parse(version.at) <= Date.parse(knownAt);
  return { ...versions, items: versions.data?.items.filter(known) };
}

const byPath = (a: BrainFile, b: BrainFile) => (a.path < b.path ? -1 : 1);

/** Puts what was just written into what is on screen, so that nothing waits for the list to come again. */
export function keepWritten(client: QueryClient, written: BrainFile, body?: string) {
  const { queryKey } = brainFilesQuery(written.household_id);
  const put = (list: { items: BrainFile[] }, belongs: boolean) => {
    const others = list.items.filter((file) => file.id !== written.id);
    return { items: belongs ? [...others, written].sort(byPath) : others };
  };
  client.setQueryData(queryKey, (list) => put(list ?? { items: [] }, !written.removed));
  client.setQueryData(
    removedBrainFilesQuery(written.household_id).queryKey,
    (list) => list && put(list, written.removed),
  );
  if (body !== undefined)
    client.setQueryData(brainTextQuery(written.id, written.version).queryKey, {
      ...written,
      current_version: written.version,
      body,
    });
  void client.invalidateQueries({ queryKey });
}

/** A file as it is now; without a text where it was removed. */
export interface Newest {
  file: BrainFile;
  body: string | null;
}

/** What there is at a path now, past what is remembered here; null where there never was anything. */
export async function readNewest(
  client: QueryClient,
  householdId: string,
  path: string,
): Promise<Newest | null> {
  for (const query of [brainFilesQuery(householdId), removedBrainFilesQuery(householdId)]) {
    const { items } = await client.fetchQuery(query);
    const file = items.find((one) => one.path === path);
    if (file?.removed) return { file, body: null };
    if (file) return { file, body: (await client.fetchQuery(brainTextQuery(file.id, file.version))).body };
  }
  return null;
}
