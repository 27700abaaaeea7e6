/** how long a browser may take to begin saving, in ms */
const SAVING_MS = 60_000;

/** Gives somebody a file. Whatever it is, it is to be saved and not to be opened. */
export function saveFile(content: BlobPart, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
}
