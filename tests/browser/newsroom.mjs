// A newsroom to be tested: the rehearsal's server, a small publication whose feed it watches, and a browser.

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export const SENTENCES = [
  'Pasar terapung Lok Baru di Banjarmasin dibuka kembali pada Sabtu, 14 November 2026, setelah diperbaiki selama tiga bulan.',
  'Sebanyak 312 pedagang mulai berjualan dari perahu sejak pukul 05.30 WITA.',
  '"Kami senang bisa kembali ke sungai," kata Siti Rahmah, pedagang sayur berusia 47 tahun.',
  'Pemerintah kota mengeluarkan Rp2,4 miliar untuk dermaga dan lampu baru.',
  'Wali Kota Ahmad Fauzi mengatakan dermaga itu tidak dipungut biaya sampai Desember.',
  'Pengunjung diminta tidak membuang sampah ke sungai.',
];
export const TITLE = 'Pasar Terapung Lok Baru Dibuka Kembali';
export const SLUG = 'pasar-terapung-lok-baru-dibuka-kembali';

/** Starts the server; `url` is the site, `setup` the link for the first administrator. */
export async function startNewsroom() {
  const folder = mkdtempSync(join(tmpdir(), 'edisi-browser-'));
  const server = spawn(process.env.REHEARSAL, [join(folder, 'data'), '127.0.0.1:0', '30'],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const url = (await lines.next()).value;
  const setup = (await lines.next()).value;
  const stop = async () => {
    const ended = new Promise((done) => server.once('exit', done));
    server.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, setup, stop };
}

/** A publication with one story and a feed; `publish(sentences)` changes the story. */
export async function startPublication() {
  let sentences = SENTENCES;
  let version = 1;
  const page = () => `<!doctype html><html lang="id"><head><meta charset="utf-8"><title>${TITLE}</title>
<link rel="canonical" href="${base()}/lok-baru"></head><body><nav><a href="/">Beranda</a></nav><article><h1>${TITLE}</h1>
${[0, 2, 4].map((i) => `<p>${sentences[i]} ${sentences[i + 1]}</p>`).join('\n')}</article></body></html>`;
  const feed = () => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id"><title>Kabar Banua</title><id>${base()}/</id>
<updated>2026-11-14T0${version}:00:00Z</updated><entry><title>${TITLE}</title><id>${base()}/lok-baru</id>
<link href="${base()}/lok-baru"/><updated>2026-11-14T0${version}:00:00Z</updated></entry></feed>`;
  const server = createServer((request, response) => {
    const found = { '/lok-baru': ['text/html', page], '/feed.atom': ['application/atom+xml', feed] }[request.url];
    response.writeHead(found ? 200 : 404, { 'content-type': `${found?.[0] ?? 'text/plain'}; charset=utf-8` });
    response.end(found?.[1]() ?? 'nothing here');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const base = () => `http://127.0.0.1:${server.address().port}`;
  return {
    feed: `${base()}/feed.atom`,
    publish(changed) {
      sentences = changed;
      version += 1;
    },
    stop: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

export async function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/** Keeps a picture of a page when a folder for them is named. */
export async function picture(page, name, options = {}) {
  if (process.env.PICTURES) {
    await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), ...options });
  }
}

/** Calls `look` until it gives something, for at most half a minute. */
export async function until(what, look) {
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 150));
  }
  throw new Error(`waited in vain for ${what}`);
}
