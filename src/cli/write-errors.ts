const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: "part of the path is not a directory",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

/** The system's reason for not writing a file, in words; `missing` says what is not there. */
export function whyNotWritten(error: unknown, missing = "there is no such directory"): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  if (code === "ENOENT") return missing;
  return REASONS[code] ?? code;
}
