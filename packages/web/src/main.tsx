// The page: theme, answers, keys, and the screen that the address names.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { Route, Router, Switch } from "wouter";
import { listenToKeys } from "./app/keys.ts";
import { ScreenGuard } from "./app/screen-guard.tsx";
import { SCREENS } from "./app/screen-list.ts";
import { Shell } from "./app/shell.tsx";
import { applyTheme } from "./app/theme.ts";
import { Empty, Loading } from "./ui/panel.tsx";
import "./styles/font.css";
import "./styles/tokens.css";
import "./styles/base.css";

applyTheme();
listenToKeys(window);
// Where the server has mounted the page: "" at the root, else "/desk".
const mount = new URL(document.baseURI).pathname.replace(/\/$/, "");
const answers = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, gcTime: 60_000 } },
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={answers}>
      <Router base={mount}>
        <Shell>
          <Suspense fallback={<Loading />}>
            <Switch>
              {SCREENS.flatMap(({ path, more = [], View }) =>
                [path, ...more].map((each) => (
                  <Route key={path} path={each}>
                    <ScreenGuard>
                      <View />
                    </ScreenGuard>
                  </Route>
                )),
              )}
              <Route>
                <Empty>There is no such page. The screens are at the left.</Empty>
              </Route>
            </Switch>
          </Suspense>
        </Shell>
      </Router>
    </QueryClientProvider>
  </StrictMode>,
);
