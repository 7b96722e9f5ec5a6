import type { ReactNode } from "react";

/** The head of a settings page, and what stands below it. */
export function Page({
  title,
  about,
  action,
  children,
}: {
  title: string;
  about: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto min-w-0">
          <h2 className="display text-xl">{title}</h2>
          <p className="mt-1 max-w-[60ch] text-ink-2">{about}</p>
        </div>
        {action}
      </div>
      <div className="mt-5 flex flex-col gap-6">{children}</div>
    </>
  );
}
