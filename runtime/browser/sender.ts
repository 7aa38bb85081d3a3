import type { PageMessage } from "../../contract/page-message.ts";
import type { BrowserGlobals, PolicyViolation } from "./globals.ts";

/** What browsers let a page send on while it is being left; a longer message goes as any other, and may be lost. */
const MOST_WHILE_LEAVING = 60_000;
/** The event that tells of the page's policy comes after the request has failed. */
const UNTIL_POLICY_IS_KNOWN = 200;

/** Posts messages; what goes wrong is one line in the console, and the page runs on. */
export class Sender {
  private readonly url: string;
  private readonly message: () => PageMessage;
  private readonly globals: BrowserGlobals;
  private sentReadings = 0;
  private isSending = false;
  /** The page's policy forbids it, or the receiver has refused: trying again would only fill the console. */
  private isGivenUp = false;
  private hasFailed = false;

  constructor(url: string, message: () => PageMessage, globals: BrowserGlobals) {
    this.url = url;
    this.message = message;
    this.globals = globals;
    globals.document.addEventListener("securitypolicyviolation", (violation: PolicyViolation) =>
      this.onViolation(violation),
    );
  }

  /** Sends what has changed since the last time. */
  async send(): Promise<void> {
    if (this.isSending) return;
    const message = this.next();
    if (message === null) return;
    this.isSending = true;
    try {
      await this.post(message);
    } finally {
      this.isSending = false;
    }
  }

  /** The same while the page may be going away. */
  sendLast(): void {
    const message = this.next();
    if (message === null) return;
    const body = JSON.stringify(message);
    const { navigator } = this.globals;
    const isShort = body.length <= MOST_WHILE_LEAVING;
    if (isShort && navigator.sendBeacon?.(this.url, body)) this.sentReadings = message.profile.readings;
    else void this.post(message, { body, keepalive: isShort && navigator.sendBeacon === undefined });
  }

  private next(): PageMessage | null {
    if (this.isGivenUp) return null;
    const message = this.message();
    const { listings, readings } = message.profile;
    return listings.length === 0 || readings === this.sentReadings ? null : message;
  }

  private async post(message: PageMessage, how: { body?: string; keepalive?: boolean } = {}): Promise<void> {
    try {
      const headers = { "content-type": "text/plain" };
      const body = how.body ?? JSON.stringify(message);
      const response = await fetch(this.url, { method: "POST", headers, ...how, body });
      if (response.ok) {
        this.sentReadings = message.profile.readings;
        this.hasFailed = false;
      } else {
        this.isGivenUp = true;
        const answer = (await response.text()).slice(0, 500);
        this.warn(`${this.url} refused the profile of this page: ${response.status}`, answer, "MPROF_PAGE_SEND");
      }
    } catch (error) {
      setTimeout(() => this.onFailure(error), UNTIL_POLICY_IS_KNOWN);
    }
  }

  private onFailure(error: unknown): void {
    if (this.isGivenUp || this.hasFailed) return;
    this.hasFailed = true;
    this.warn(
      `the profile of this page could not be sent to ${this.url}: ${String(error)}`,
      "It is tried again; meanwhile __mprof.report() prints it here.",
      "MPROF_PAGE_SEND",
    );
  }

  private onViolation({ blockedURI, effectiveDirective }: PolicyViolation): void {
    if (this.isGivenUp || effectiveDirective !== "connect-src" || !this.url.startsWith(blockedURI)) return;
    this.isGivenUp = true;
    this.warn(
      `the Content-Security-Policy of this page forbids sending its profile: ${this.url}`,
      `Add ${new URL(this.url).origin} to its connect-src; __mprof.report() prints the profile here.`,
      "MPROF_PAGE_CSP",
    );
  }

  private warn(problem: string, cure: string, code: string): void {
    this.globals.console.warn(`[mprof] ${problem}\n  ${cure}   (${code})`);
  }
}
