/** Tools that compile TypeScript on its way into Node as we do, by what `--require`, `--import` and `--loader` are given. */
const OTHERS: readonly { name: string; module: RegExp }[] = [
  { name: "tsx", module: /(?:^|[\\/])tsx(?:$|[\\/])/ },
  { name: "ts-node", module: /(?:^|[\\/])ts-node(?:$|[\\/])/ },
  { name: "swc-node", module: /@swc-node[\\/]register/ },
  { name: "@swc/register", module: /@swc[\\/]register/ },
  { name: "esbuild-register", module: /(?:^|[\\/])(?:esbuild-register|esbuild-runner|esno)(?:$|[\\/])/ },
  { name: "@babel/register", module: /@babel[\\/](?:register|node)/ },
  { name: "sucrase", module: /(?:^|[\\/])sucrase[\\/]register/ },
  { name: "jiti", module: /(?:^|[\\/])jiti[\\/]/ },
];

/** The other loader of this process; `null` if we are alone. Two that compile the same file each get what the other made. */
export function findOtherLoader(execArgv: readonly string[], nodeOptions = ""): string | null {
  const given = [...execArgv, ...nodeOptions.split(/\s+/)];
  const modules = given.flatMap((argument, i) => {
    const [flag, value = given[i + 1] ?? ""] = argument.split(/=(.*)/s);
    return /^(?:-r|--require|--import|--loader|--experimental-loader)$/.test(flag!) ? [value] : [];
  });
  return OTHERS.find(({ module }) => modules.some((each) => module.test(each)))?.name ?? null;
}
