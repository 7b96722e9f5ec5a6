import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "@/api/queries/session";
import { auditSearch } from "@/features/audit/search";
import { SIGN_IN_PATH } from "@/features/auth";
import { householdSearch } from "@/features/households/record-search";
import { householdsAddress } from "@/features/households/search";
import { loopsSearch } from "@/features/open-loops/search";
import { tasksSearch } from "@/features/tasks/search";
import { queryClient } from "./query";
import { NotFound, RouteError } from "./shell/Fallbacks";
import { Root } from "./shell/Root";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: RouteError });
const at = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path }) as const;

const today = createRoute({
  ...at("/"),
  component: lazyRouteComponent(() => import("@/features/today/TodayPage"), "TodayPage"),
});
const households = createRoute({
  ...at("/households"),
  validateSearch: householdsAddress,
  component: lazyRouteComponent(() => import("@/features/households/HouseholdsPage"), "HouseholdsPage"),
});
const household = createRoute({
  ...at("/households/$id"),
  validateSearch: householdSearch,
  component: lazyRouteComponent(() => import("@/features/households/HouseholdPage"), "HouseholdPage"),
});
const tasks = createRoute({
  ...at("/tasks"),
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import("@/features/tasks/TasksPage"), "TasksPage"),
});
const openLoops = createRoute({
  ...at("/open-loops"),
  validateSearch: loopsSearch,
  component: lazyRouteComponent(() => import("@/features/open-loops/OpenLoopsPage"), "OpenLoopsPage"),
});
const imports = createRoute({
  ...at("/imports"),
  component: lazyRouteComponent(() => import("@/features/imports/ImportsPage"), "ImportsPage"),
});
const audit = createRoute({
  ...at("/audit"),
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("@/features/audit/AuditPage"), "AuditPage"),
});
const settings = createRoute({
  ...at("/settings"),
  component: lazyRouteComponent(() => import("@/features/settings/SettingsLayout"), "SettingsLayout"),
});
const under = <Path extends string>(path: Path) => ({ getParentRoute: () => settings, path }) as const;
const settingsPages = [
  createRoute({
    ...under("/"),
    component: lazyRouteComponent(() => import("@/features/settings/StartPage"), "StartPage"),
  }),
  createRoute({
    ...under("/profile"),
    component: lazyRouteComponent(() => import("@/features/settings/ProfilePage"), "ProfilePage"),
  }),
  createRoute({
    ...under("/firm"),
    component: lazyRouteComponent(() => import("@/features/settings/FirmPage"), "FirmPage"),
  }),
  createRoute({
    ...under("/people"),
    component: lazyRouteComponent(() => import("@/features/settings/PeoplePage"), "PeoplePage"),
  }),
  createRoute({
    ...under("/tiers"),
    component: lazyRouteComponent(() => import("@/features/settings/TiersPage"), "TiersPage"),
  }),
  createRoute({
    ...under("/templates"),
    component: lazyRouteComponent(() => import("@/features/templates/TemplatesPage"), "TemplatesPage"),
  }),
  createRoute({
    ...under("/api-keys"),
    component: lazyRouteComponent(() => import("@/features/settings/ApiKeysPage"), "ApiKeysPage"),
  }),
  createRoute({
    ...under("/sessions"),
    component: lazyRouteComponent(() => import("@/features/sessions/SessionsPage"), "SessionsPage"),
  }),
  createRoute({
    ...under("/shortcuts"),
    component: lazyRouteComponent(() => import("@/features/settings/ShortcutsPage"), "ShortcutsPage"),
  }),
] as const;
// Where sessions were shown before.
const upload = createRoute({
  ...at("/imports/$id"),
  component: lazyRouteComponent(() => import("@/features/imports/UploadPage"), "UploadPage"),
});
const sessions = createRoute({
  ...at("/sessions"),
  beforeLoad: () => {
    throw redirect({ to: "/settings/sessions" });
  },
});
const feedback = createRoute({
  ...at("/feedback"),
  component: lazyRouteComponent(() => import("@/features/feedback/FeedbackPage"), "FeedbackPage"),
});
// Somebody already signed in has no business here.
const signIn = createRoute({
  ...at(SIGN_IN_PATH),
  beforeLoad: async () => {
    if (await queryClient.ensureQueryData(meQuery).catch(() => null)) throw redirect({ to: "/" });
  },
});

const routeTree = root.addChildren([
  today,
  households,
  household,
  tasks,
  openLoops,
  imports,
  audit,
  settings.addChildren(settingsPages),
  upload,
  sessions,
  feedback,
  signIn,
]);

/** No scroll restoration: it would keep the addresses of visited records in the browser's storage. */
export function makeRouter() {
  return createRouter({ routeTree, basepath: "/crm", defaultPreload: "intent", scrollRestoration: false });
}
declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
