import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '../rest/escape-html.js';
import type { Deps } from '../services/deps.js';
import { type ReturnView, showReturn } from '../services/show-return.js';
import { withDeadline } from './deadline.js';
import { refuseOtherMethods } from './refuse-methods.js';

/** The page that guests come back to from paying: `/pay/return/{provider}` and `/pay/return/{provider}/{account_id}`. */
export function mountReturnPage(app: FastifyInstance, deps: Deps): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { query, look } = readQuery(request.raw.url ?? '');
    const view = await viewOf(deps, request, query);
    const again = view.state === 'pending' && look < maxLooks ? withLook(query, look + 1) : undefined;
    return reply
      .headers({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' })
      .type('text/html; charset=utf-8')
      .send(page(view, { again, afresh: `?${query}` }));
  };
  for (const url of ['/pay/return/:provider_name', '/pay/return/:provider_name/:account_id']) {
    app.get(url, handler);
    refuseOtherMethods(app, url, ['GET', 'HEAD']);
  }
}

/** The page looks again by itself, a minute long; after that at a touch. */
const maxLooks = 20;
const lookEverySeconds = 3;
/** Ours, behind what the provider signed. */
const lookParameter = /(?:^|&)look=(\d{1,3})$/;

function readQuery(url: string): { readonly query: string; readonly look: number } {
  const mark = url.indexOf('?');
  const full = mark < 0 ? '' : url.slice(mark + 1);
  return { query: full.replace(lookParameter, ''), look: Number(lookParameter.exec(full)?.[1] ?? 0) };
}

function withLook(query: string, look: number): string {
  return `?${query === '' ? '' : `${query}&`}look=${look}`;
}

/** A guest who has paid is shown no error page for a fault of ours: the next look may go well. */
async function viewOf(deps: Deps, request: FastifyRequest, query: string): Promise<ReturnView> {
  const { provider_name: providerName, account_id: accountId = 'default' } = request.params as {
    provider_name: string;
    account_id?: string;
  };
  try {
    return await withDeadline(showReturn(deps, { providerName, accountId, query }));
  } catch (error) {
    request.log.error({ err: error, provider: providerName }, 'a guest came back and could not be told');
    return { state: 'pending', guestPage: `${deps.publicUrl()}/demo/` };
  }
}

const style = `
:root { color-scheme: light dark; --accent: #777; }
.succeeded { --accent: #1a8f4a; } .failed { --accent: #c8372d; } .pending { --accent: #b7791f; }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 0 auto; padding: 2rem 1rem; overflow-wrap: anywhere; }
main { border-top: .4rem solid var(--accent); padding-top: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
p { margin: .25rem 0 1rem; }
[lang=en] { opacity: .75; }
h2 { font-size: 1.1rem; font-weight: 500; margin: 0; }
a { display: block; padding: .8rem 1rem; margin-top: .75rem; border: 1px solid; border-radius: .6rem; text-align: center; color: inherit; text-decoration: none; }
`;

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

interface Words {
  readonly title: string;
  readonly text: string;
}

const words: Readonly<Record<ReturnView['state'], { readonly vi: Words; readonly en: Words }>> = {
  succeeded: {
    vi: { title: 'Đã thanh toán', text: 'Cảm ơn quý khách. Hóa đơn đã được cập nhật.' },
    en: { title: 'Paid', text: 'Thank you. The bill is up to date.' },
  },
  failed: {
    vi: { title: 'Chưa thanh toán được', text: 'Giao dịch không thành công. Quý khách có thể thử lại từ hóa đơn.' },
    en: { title: 'Not paid', text: 'The payment did not go through. You can try again from the bill.' },
  },
  pending: {
    vi: {
      title: 'Đang chờ xác nhận',
      text: 'Chúng tôi đang đợi kết quả. Nếu đã trả tiền, quý khách không cần trả lại.',
    },
    en: {
      title: 'Waiting for confirmation',
      text: 'We are waiting for the result. If you have paid, there is no need to pay again.',
    },
  },
  unknown: {
    vi: {
      title: 'Không rõ giao dịch',
      text: 'Trang này không cho biết kết quả. Vui lòng xem hóa đơn hoặc hỏi nhân viên.',
    },
    en: { title: 'Unknown payment', text: 'This page cannot tell. Please look at the bill, or ask the staff.' },
  },
};

/** Where the page goes to look again: by itself while it still does, at a touch after that. */
interface Looks {
  readonly again: string | undefined;
  readonly afresh: string;
}

function page({ state, guestPage }: ReturnView, { again, afresh }: Looks): string {
  const { vi, en } = words[state];
  const refresh =
    again === undefined ? '' : `<meta http-equiv="refresh" content="${lookEverySeconds};url=${escapeHtml(again)}">\n`;
  const byHand =
    state === 'pending' && again === undefined
      ? `<a href="${escapeHtml(afresh)}">Xem lại <span lang="en">/ Look again</span></a>\n`
      : '';
  return `<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${vi.title} / ${en.title}</title>
<style>${style}</style>
<main class="${state}">
<h1>${vi.title}</h1>
<p>${vi.text}</p>
<h2 lang="en">${en.title}</h2>
<p lang="en">${en.text}</p>
${byHand}<a href="${escapeHtml(guestPage)}">Về hóa đơn <span lang="en">/ Back to the bill</span></a>
</main>
</html>
`;
}
