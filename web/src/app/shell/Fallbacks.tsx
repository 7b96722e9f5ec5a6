import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/states";

export function NotFound() {
  return (
    <>
      <h1 className="sr-only">Page not found</h1>
      <Empty
        title="This page does not exist"
        action={
          <Button asChild>
            <Link to="/">Go to Today</Link>
          </Button>
        }
      >
        The address may be mistyped, or the page may have moved.
      </Empty>
    </>
  );
}

/** A fault of the app itself. The text of the error is not shown: it helps nobody and may hold client data. */
export function RouteError() {
  return (
    <>
      <h1 className="sr-only">Fault</h1>
      <Empty
        title="This page stopped working"
        action={<Button onClick={() => window.location.reload()}>Load it again</Button>}
      >
        Nothing you saved is lost.
      </Empty>
    </>
  );
}
