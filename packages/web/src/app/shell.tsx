// What is around every screen: where one can go, the range of time, the filters that all screens share.
import { CircleHelp, Moon, Sun } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { useAnswer } from "../api/use-answer.ts";
import { Button, Segments, Select } from "../ui/button.tsx";
import { sharedAddress, useParameters } from "../url/search-parameters.ts";
import { RANGES, type RangeName, useTimeRange } from "../url/time-range.ts";
import { FiringBadge } from "./firing-badge.tsx";
import { KeyHelp } from "./key-help.tsx";
import { useKeys } from "./keys.ts";
import { SCREENS } from "./screen-list.ts";
import styles from "./shell.module.css";
import { StatusLine } from "./status-line.tsx";
import { useTheme } from "./theme.ts";
import { useFiring } from "./use-firing.ts";

/** The frame of the page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [path, navigate] = useLocation();
  const [parameters] = useParameters();
  const [theme, toggleTheme] = useTheme();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const screen = SCREENS.find(({ path: each }) => (each === "/" ? path === "/" : path.startsWith(each)));
  const firing = useFiring().data?.alerts ?? [];
  useEffect(() => {
    const count = firing.length === 0 ? "" : `(${firing.length}) `;
    document.title = `${count}${screen?.title ?? "Not found"} · Tracebook`;
  }, [screen, firing.length]);
  useKeys("Everywhere", [
    { key: "?", what: "Show the keys", run: () => setHelpOpen((isOpen) => !isOpen) },
    { key: "T", what: "Dark or light", run: toggleTheme },
    ...SCREENS.map((each) => ({
      key: `g ${each.key}`,
      what: `Go to ${each.title}`,
      run: () => navigate(sharedAddress(each.path, parameters)),
    })),
  ]);
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <nav className={styles.rail} aria-label="Screens">
        <span className={styles.brand}>
          <img src="./favicon.svg" alt="" width="22" height="22" />
          Tracebook
        </span>
        {SCREENS.map(({ path: to, title, Icon, key }) => (
          <Link
            key={to}
            href={sharedAddress(to, parameters)}
            className={styles.link}
            aria-current={screen?.path === to ? "page" : undefined}
            title={`${title} (g ${key})`}
          >
            <Icon size={16} aria-hidden="true" />
            <span>{title}</span>
            {to === "/alerts" && <FiringBadge alerts={firing} />}
          </Link>
        ))}
        <StatusLine />
      </nav>
      <header className={styles.bar}>
        <h1>{screen?.title ?? "Not found"}</h1>
        <SharedFilters />
        <Button
          onClick={toggleTheme}
          aria-label={theme === "dark" ? "Light colours" : "Dark colours"}
          title="Dark or light (T)"
        >
          {theme === "dark" ? <Sun size={14} /> : <Moon size={14} />}
        </Button>
        <Button onClick={() => setHelpOpen(true)} aria-label="Keys" title="Keys (?)">
          <CircleHelp size={14} />
        </Button>
      </header>
      <main className={styles.main} id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      {isHelpOpen && <KeyHelp onClose={() => setHelpOpen(false)} />}
    </div>
  );
}

function SharedFilters() {
  const { range, setName } = useTimeRange();
  const [parameters, set] = useParameters();
  const facets = useAnswer(
    "/api/telemetry/facets",
    { start_time: range.startTime, end_time: range.endTime, limit: 100 },
    { everyMs: 30_000, freshMs: 30_000 },
  );
  const names = Object.keys(RANGES) as RangeName[];
  return (
    <div className={styles.filters}>
      {range.name === undefined && <span className={styles.fixed}>{range.label}</span>}
      <Select
        label="Symbol"
        all="All symbols"
        value={parameters.get("symbol") ?? ""}
        options={facets.data?.symbols ?? []}
        onChange={(symbol) => set({ symbol })}
      />
      <Segments
        label="Range of time"
        value={range.name ?? ("" as RangeName)}
        options={names.map((name) => ({ value: name, text: name }))}
        onChange={setName}
      />
    </div>
  );
}
