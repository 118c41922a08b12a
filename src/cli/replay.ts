import type { CliContext } from "./context.ts";
export async function replay(_i: string | undefined, _o: { readonly show: boolean }, _c: CliContext): Promise<number> { return 3; }
