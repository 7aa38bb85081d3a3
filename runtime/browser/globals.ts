/** What is used of a browser; declared here, because the types of all its globals would make Node's ambiguous. */
export interface BrowserGlobals {
  document: EventSource & { visibilityState: string };
  location: { href: string; pathname: string; origin: string };
  navigator: { sendBeacon?(url: string, body: string): boolean };
  performance: {
    memory?: { usedJSHeapSize: number };
    measureUserAgentSpecificMemory?(): Promise<{ bytes: number }>;
  };
  crossOriginIsolated?: boolean;
  console: { warn(text: string): void };
  addEventListener: EventSource["addEventListener"];
}

interface EventSource {
  addEventListener(type: string, listener: (event: never) => void): void;
}

/** Of `securitypolicyviolation`. */
export interface PolicyViolation {
  blockedURI: string;
  effectiveDirective: string;
}
