import { html } from 'hono/html';
import type { Mail, MailMessage } from '../../ports/notifier.ts';
import { MAIL_CONTENT } from './mail-content.ts';
import type { MailContent, MailPart } from './mail-part.ts';
import { oneLine } from './one-line.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly links: readonly string[];
}

/** A mail with its links made: they begin with the public URL and hide their token in the fragment. */
type Part = string | { readonly code: string } | { readonly label: string; readonly url: string };

/** Text and HTML of the same words. Nothing is loaded from anywhere, and nothing tells that it was read. */
export async function renderMail(mail: Mail, publicUrl: string): Promise<RenderedMail> {
  const issuer = oneLine(mail.issuerName);
  const { subject, parts } = contentOf(mail.message, issuer);
  const made = parts.map((part) => withUrl(part, mail, publicUrl));
  return {
    subject,
    text: asText(made, issuer),
    html: await asHtml(made, subject, issuer),
    links: made.flatMap((part) => (typeof part === 'object' && 'url' in part ? [part.url] : [])),
  };
}

function contentOf<Kind extends MailMessage['kind']>(
  message: Extract<MailMessage, { readonly kind: Kind }>,
  issuer: string,
): MailContent {
  return MAIL_CONTENT[message.kind as Kind](message, issuer);
}

function withUrl(part: MailPart, { projectId }: Mail, publicUrl: string): Part {
  if (typeof part === 'string' || 'code' in part) return part;
  const fragment = new URLSearchParams({ token: part.token, ...(projectId && { project: projectId }) });
  return { label: part.label, url: `${publicUrl}/${part.page}#${fragment}` };
}

function asText(parts: readonly Part[], issuer: string): string {
  const lines = parts.map((part) => {
    if (typeof part === 'string') return part;
    return 'code' in part ? part.code : `${part.label}:\n${part.url}`;
  });
  return `${[...lines, `-- \n${issuer}`].join('\n\n')}\n`;
}

async function asHtml(parts: readonly Part[], title: string, issuer: string): Promise<string> {
  const blocks = parts.map((part) => {
    if (typeof part === 'string') return html`<p>${part}</p>`;
    if ('code' in part) return html`<p style="font:700 28px monospace;letter-spacing:4px">${part.code}</p>`;
    return html`<p><a href="${part.url}">${part.label}</a></p>`;
  });
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body style="font:16px/1.5 sans-serif;color:#222;max-width:34em;margin:2em auto;padding:0 1em">
${blocks}
<p style="color:#666">${issuer}</p>
</body>
</html>`;
  return String(await page);
}
