/** How content can be shown beside its octets. */
export type ContentKind =
  | { readonly kind: 'html' }
  /** lines and shapes, which ask for work without bound */
  | { readonly kind: 'drawing'; readonly mediaType: string }
  /** @property mediaType one that browsers draw, as it is to be called */
  | { readonly kind: 'image'; readonly mediaType: string }
  | { readonly kind: 'none' };

const IMAGES: Readonly<Record<string, string>> = {
  'image/png': 'image/png',
  'image/x-png': 'image/png',
  'image/jpeg': 'image/jpeg',
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/gif': 'image/gif',
  'image/webp': 'image/webp',
};

const SVG = 'image/svg+xml';

/** What the media type says; without one, what the first octets do (MIME Sniffing §6.1). */
export function contentKind(mediaType: string | null, octets: Uint8Array): ContentKind {
  if (mediaType === 'text/html' || mediaType === 'application/xhtml+xml') return { kind: 'html' };
  if (mediaType === SVG) return { kind: 'drawing', mediaType };
  const image = mediaType === null ? sniffedImage(octets) : IMAGES[mediaType];
  return image === undefined ? { kind: 'none' } : { kind: 'image', mediaType: image };
}

function sniffedImage(octets: Uint8Array): string | undefined {
  const begins = String.fromCharCode(...octets.subarray(0, 14));
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(begins)) return 'image/gif';
  return /^RIFF[^]{4}WEBPVP/.test(begins) ? 'image/webp' : undefined;
}

/** Whether the text is what somebody would want to see first. */
export function isText(mediaType: string | null, charset: string | null): boolean {
  return mediaType === SVG || (charset !== null && !(mediaType ?? '').startsWith('image/'));
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'text/html': 'html',
  'application/xhtml+xml': 'xhtml',
  'text/plain': 'txt',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/javascript': 'js',
  'application/javascript': 'js',
  'application/json': 'json',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
};

/** A name to save content under. */
export function fileName(mediaType: string | null, isDecoded: boolean): string {
  const extension = isDecoded ? EXTENSIONS[mediaType ?? ''] : undefined;
  return `content.${extension ?? (/[/+]json$/.test(mediaType ?? '') && isDecoded ? 'json' : 'bin')}`;
}
