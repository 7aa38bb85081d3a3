/** Pages of profiles for tests: written, and opened in Chromium. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { HTML } from "../../cli/formats/html.ts";
import type { PageData } from "../../cli/report-page/page-data.ts";
import type { Profile } from "../../contract/profile.ts";
import type { Recording } from "../../contract/recording.ts";
import { type SampleRow, sampleListing, sampleProfile } from "./sample-profile.ts";
import { scratchFolder } from "./scratch.ts";

let folder: string | undefined;
let pages = 0;

/** @returns the path of its page */
export function write(profile: Profile, recording?: Recording): string {
  folder ??= scratchFolder();
  const path = join(folder, `page-${pages++}.html`);
  writeFileSync(path, HTML.render(profile, { root: "/srv/my app", recording }));
  return path;
}

/** What a page was given. */
export const dataOf = (html: string): PageData =>
  JSON.parse(/<script id="data" type="application\/json">(.*)<\/script>/.exec(html)![1]!);

/** Text that would do something if it were not text. */
export const HOSTILE =
  "</script><script>document.title='run'</script><img src=x onerror=document.title='run'>\u2028\u2029<!--";
/** 100 functions with 20,000 lines. */
export const large = sampleProfile(
  Array.from({ length: 100 }, (_, at) =>
    sampleListing(
      `work${at}`,
      Array.from(
        { length: 200 },
        (_, line): SampleRow => [
          `    const value${line} = compute(input[${line}], "some text of usual length");`,
          line % 3 === 0 ? null : at * 1000 + line * 37,
          { occurrences: line * 13, time: line / 7 },
        ],
      ),
      { file: `src/folder/module-${at}.ts`, first: 1 + at, time: { self: at, total: at * 2 } },
    ),
  ),
);

/** The same of a run whose increments were followed, each row at another time. */
export const largeFollowed: Profile = {
  ...large,
  history: { interval: 100, pieces: 32 },
  listings: large.listings.map((listing) => ({
    ...listing,
    rows: listing.rows.map((row, at) =>
      row.data
        ? {
            ...row,
            data: {
              ...row.data,
              figures: Object.fromEntries(
                Object.entries(row.data.figures).map(([metric, figures]) => [
                  metric,
                  {
                    ...figures,
                    history: Array.from({ length: 32 }, (_, i) => ((i * 7919 + at * 104_729) % 1000) * 37),
                  },
                ]),
              ),
            },
          }
        : row,
    ),
  })),
};

export interface OpenOptions {
  width?: number;
  scheme?: "light" | "dark";
  hash?: string;
}

export interface Opened {
  page: Page;
  /** Errors, messages of the console (refusals of the policy are some), and what was asked for besides the page. */
  trouble: string[];
}

/** In a browser without a network. */
export async function openPage(
  browser: Browser,
  path: string,
  { width = 1600, scheme = "light", hash = "" }: OpenOptions = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
  const trouble: string[] = [];
  page.on("pageerror", ({ message }) => trouble.push(message));
  page.on("console", (message) => trouble.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(pathToFileURL(path).href)) trouble.push(request.url());
  });
  await page.goto(pathToFileURL(path).href + hash);
  return { page, trouble };
}

export const texts = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.textContent)`);
export const text = async (page: Page, selector: string) => (await texts(page, selector))[0];
export const evaluate = <T>(page: Page, script: string): Promise<T> => page.evaluate(script);
