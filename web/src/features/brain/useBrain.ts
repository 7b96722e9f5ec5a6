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
    pending:
      files.isPending || (knownAt !== undefined && gone.isPending) || older.some((one) => one.isPending),
    error: files.error ?? gone.error ?? older.find((one) => one.error)?.error ?? null,
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
  client.setQueryData(queryKey, (list) => {
    const others = list?.items.filter((file) => file.id !== written.id) ?? [];
    return { items: written.removed ? others : [...others, written].sort(byPath) };
  });
  if (body !== undefined)
    client.setQueryData(brainTextQuery(written.id, written.version).queryKey, {
      ...written,
      current_version: written.version,
      body,
    });
  void client.invalidateQueries({ queryKey });
}

/** A file and its text as they are now, past what is remembered here; nothing where there is none at that path. */
export async function readNewest(client: QueryClient, householdId: string, path: string) {
  const { items } = await client.fetchQuery(brainFilesQuery(householdId));
  const file = items.find((one) => one.path === path);
  return file && client.fetchQuery(brainTextQuery(file.id, file.version));
}
