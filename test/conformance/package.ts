export async function comparePackage(_: unknown): Promise<boolean> { throw new Error("later"); }
